import contextlib
import io
import os
import tempfile
import unittest

import kernels

RAW = '''==PROF== Connected to process 7
made-up text of the program, "with quotes"
"ID","Process ID","Process Name","Host Name","Kernel Name","Context","Stream","Block Size","Grid Size","Device","CC","gpu__time_duration.sum"
"","","","","","","","","","","","us"
"0","7","demo","127.0.0.1","void flash_fwd_kernel<Traits<64, 128>>(Params)","1","7","(128, 1, 1)","(32, 1, 1)","0","9.0","1,500.5"
"1","7","demo","127.0.0.1","nvjet_hsh_128x256_64x4_1x2_h_bz_TNT","1","7","(128, 1, 1)","(32, 1, 1)","0","9.0","400"
"2","7","demo","127.0.0.1","nvjet_hsh_128x256_64x4_1x2_h_bz_TNT","1","7","(128, 1, 1)","(32, 1, 1)","0","9.0","100"
"3","7","demo","127.0.0.1","mystery","1","7","(128, 1, 1)","(32, 1, 1)","0","9.0","2"
'''

DETAILS = '''"ID","Kernel Name","Section Name","Metric Name","Metric Unit","Metric Value"
"0","groupNormNHWCSumKernel","Command line profiler metrics","gpu__time_duration.sum","ns","250000"
"0","groupNormNHWCSumKernel","Command line profiler metrics","sm__cycles.sum","cycle","99"
"1","groupNormNHWCScaleKernel","Command line profiler metrics","gpu__time_duration.sum","msecond","0.5"
'''

NAMES = {
    "attention": [
        "void pytorch_flash::flash_fwd_kernel<Flash_fwd_kernel_traits<64, 128, 128, 4>>", "fmha_cutlassF_f16_aligned_64x128_rf_sm80",
        "void attention_kernel_batched_impl<AttentionKernel<half_t, Sm80, true, 64, 64, 64>>", "AddBiasTransposeQKVLarge",
        "cudnn_generated_fort_native_sdpa_sm90_flash_fprop_wgmma_f16_knob_3", "void cunn_SoftMaxForward<4, Half, float, Half>"],
    "convolutions": [
        "sm90_xmma_fprop_implicit_gemm_f16f16_f16f32_f32_nhwckrsc_nhwc_tilesize128x128x64", "void cutlass__5x_cudnn::Kernel<Tensorop>",
        "void cudnn::ops::nchwToNhwcKernel<__half, __half, float>", "void implicit_convolve_sgemm<__half, __half, 128>"],
    "matrix products": [
        "nvjet_hsh_64x512_64x3_2x1_v_bz_coopB_TNN", "sm90_xmma_gemm_f16f16_f16f32_f32_tn_n_tilesize128x128x64", "ampere_fp16_s16816gemm_fp16_128x64",
        "void cutlass::Kernel<cutlass_80_wmma_tensorop_f16_s161616gemm>", "void cublasLt::splitKreduce_kernel<32, 16>"],
    "group norm": [
        "void onnxruntime::contrib::cuda::groupNormNHWCSumKernel<__half, 320>", "void groupNormNHWCScaleKernel<__half>",
        "void SkipGroupNormNHWCSumKernel<__half>", "void at::native::RowwiseMomentsCUDAKernel<c10::Half>",
        "void at::native::ComputeFusedParamsCUDAKernel<c10::Half>"],
    "layer norm": [
        "void SkipLayerNormKernelSmall<__half, 320>", "void cuApplyLayerNorm<__half, float, __half, false>",
        "void at::native::vectorized_layer_norm_kernel<c10::Half, float>"],
    "copies and transposes": [
        "void onnxruntime::cuda::Transpose4DKernelParallelizeOneElementPerThread<long>", "void at::native::CatArrayBatchedCopy<OpaqueType>",
        "void at::native::elementwise_kernel<128, 4, direct_copy_kernel_cuda>", "void _ResizeNearestKernel<__half>",
        "void at::native::upsample_nearest3d_out_frame<Half>"],
    "elementwise": [
        "void onnxruntime::contrib::cuda::biasSplitGeluKernel<__half, 1280, 256>", "void _BinaryElementWise<__half, OP_Add>",
        "void _UnaryElementWise<__half, float, OP_Cast>", "void at::native::vectorized_elementwise_kernel<4, silu_kernel>", "BiasAddKernel"],
    "other": ["mystery", "reduce_kernel_512"],
}


class KernelTests(unittest.TestCase):
    def test_names_fall_into_their_kinds(self):
        for kind, names in NAMES.items():
            for name in names:
                with self.subTest(name):
                    self.assertEqual(kind, kernels.kind_of(name))

    def test_raw_page(self):
        sums = kernels.totals(kernels.read_times(RAW.splitlines(keepends=True)), kernels.kind_of)
        self.assertEqual(["attention", "matrix products", "other"], list(sums))
        self.assertEqual([2, 0.5], sums["matrix products"])
        self.assertAlmostEqual(1.5005, sums["attention"][1])
        self.assertAlmostEqual(0.002, sums["other"][1])

    def test_details_page_takes_only_the_times(self):
        self.assertEqual([("groupNormNHWCSumKernel", 0.25), ("groupNormNHWCScaleKernel", 0.5)], list(kernels.read_times(DETAILS.splitlines())))

    def test_unusable_input_is_named(self):
        for text, message in [
                ("", "Kernel Name"), ('"ID","Kernel Name","dram__bytes.sum"\n', "No column"),
                (RAW.replace('"us"', '"hours"'), "hours"), (RAW.replace('"400"', '"n/a"'), "line 6: 'n/a'"),
                (RAW.replace('"1","7","demo"', '"1","demo"'), "line 6: 11 fields")]:
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                list(kernels.read_times(text.splitlines()))

    def test_command_prints_the_tables(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "kernels.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write(RAW)
            with contextlib.redirect_stdout(io.StringIO()) as out:
                kernels.main([path, "--top", "1", "--list", "other"])
        lines = out.getvalue().splitlines()
        self.assertIn("| matrix products | 2 | 0.500 | 25.0% |", lines)
        self.assertIn("| all | 4 | 2.002 | |", lines)
        self.assertIn("| mystery | 1 | 0.002 | 100.0% |", lines)

    def test_a_missing_file_is_one_sentence(self):
        with self.assertRaisesRegex(SystemExit, "nowhere.csv: "):
            kernels.main(["nowhere.csv"])


if __name__ == "__main__":
    unittest.main()

// A place for one file: drop or choose, see it at once, upload it resumably (tus).
const ENDPOINT = '/v1/uploads';
const LONGEST_WAVE = 200 * 1024 * 1024; // Bytes; the whole sound is decoded in memory to draw it.
const PROGRESS_PAUSE = 200; // Milliseconds between reports.
const RETRY_DELAYS = [0, 1000, 3000, 5000, 10000, 20000];

// A file that misses its place is not opened instead of this page.
for (const type of ['dragover', 'drop']) {
  window.addEventListener(type, (event) => event.preventDefault());
}

export function attach(element, host, options) {
  const kind = element.dataset.kind;
  const input = element.querySelector('input[type=file]');
  const stage = element.querySelector('[data-stage]');
  const listening = new AbortController();
  let upload = null;
  let wave = null;
  let boxes = null;
  let recorder = null;
  let [faces, part, speech] = [[], null, []];
  let address = null;

  const clear = () => {
    upload?.abort();
    wave?.destroy();
    boxes?.destroy();
    if (address) {
      URL.revokeObjectURL(address);
    }
    [upload, wave, boxes, address] = [null, null, null, null];
    stage.replaceChildren();
  };

  const showFaces = async () => {
    boxes?.destroy();
    boxes = null;
    const view = stage.querySelector('video, img');
    if (view && faces.length > 0) {
      const { show: showBoxes } = await import(options.faceboxes);
      boxes = showBoxes(stage, view, faces, (choice) => host.invokeMethodAsync('FaceClicked', choice));
    }
  };

  const showVideo = (url, isPicture) => {
    const view = document.createElement(isPicture ? 'img' : 'video');
    if (isPicture) {
      view.alt = '';
    } else {
      view.controls = true;
      view.muted = true;
      view.playsInline = true;
      view.preload = 'metadata';
    }
    view.addEventListener('error', () => view.remove());
    view.src = url;
    stage.append(view);
    showFaces();
  };

  const showSound = async (source) => {
    const { show } = await import(options.wave);
    wave = await show(stage, source, { ...options, part, speech, trimmed: (start, end) => host.invokeMethodAsync('Trimmed', start, end) });
  };

  const show = async (file) => {
    if (kind !== 'audio') {
      address = URL.createObjectURL(file);
      showVideo(address, file.type.startsWith('image/'));
    } else if (file.size <= LONGEST_WAVE) {
      await showSound(file);
    }
  };

  const send = async (file) => {
    await import(options.tus);
    let told = 0;
    const sending = new window.tus.Upload(file, {
      endpoint: ENDPOINT,
      metadata: { filename: file.name },
      retryDelays: RETRY_DELAYS,
      removeFingerprintOnSuccess: true,
      onProgress(sent, total) {
        if (performance.now() - told > PROGRESS_PAUSE && sent < total) {
          told = performance.now();
          host.invokeMethodAsync('Progress', sent / total);
        }
      },
      onSuccess: () => host.invokeMethodAsync('Done', sending.url.split('/').pop()),
      onError(error) {
        let sentence = null;
        try {
          sentence = JSON.parse(error.originalResponse?.getBody() ?? 'null')?.detail ?? null;
        } catch {
          // No problem details: the connection broke, or a proxy answered.
        }
        host.invokeMethodAsync('Failed', sentence);
      },
    });
    upload = sending;
    const [previous] = await sending.findPreviousUploads();
    if (previous) {
      sending.resumeFromPreviousUpload(previous);
    }
    sending.start();
  };

  const take = async (file) => {
    clear();
    [faces, part, speech] = [[], null, []];
    await host.invokeMethodAsync('Chosen', file.name);
    await Promise.all([show(file), send(file)]);
  };

  const listen = (target, type, handle) => target.addEventListener(type, handle, { signal: listening.signal });
  const takeChosen = () => {
    if (input.files.length > 0) {
      take(input.files[0]);
      input.value = '';
    }
  };
  listen(input, 'change', takeChosen);
  listen(element, 'dragover', () => element.classList.add('over'));
  listen(element, 'dragleave', () => element.classList.remove('over'));
  listen(element, 'drop', (event) => {
    element.classList.remove('over');
    const files = [...event.dataTransfer.files];
    if (files.length === 1) {
      take(files[0]);
      return;
    }
    // Both at once: each goes to its place.
    for (const file of files.slice(0, 2)) {
      const place = file.type.startsWith('audio/') ? 'audio' : 'video';
      document.dispatchEvent(new CustomEvent('latentsync-file', { detail: { place, file } }));
    }
  });
  listen(document, 'latentsync-file', (event) => {
    if (event.detail.place === kind) {
      take(event.detail.file);
    }
  });

  if (options.known) {
    if (kind === 'video') {
      fetch(options.known, { method: 'GET', headers: { Range: 'bytes=0-0' } })
        .then((answer) => showVideo(options.known, answer.headers.get('Content-Type')?.startsWith('image/')));
    } else {
      showSound(options.known);
    }
  }

  const recording = element.querySelector('[data-record]');
  if (recording) {
    recording.disabled = false;
    listen(recording, 'click', async () => {
      if (recorder) {
        recorder.stop();
        return;
      }
      const stop = () => {
        recorder = null;
        recording.setAttribute('aria-pressed', 'false');
      };
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
        const parts = [];
        recorder = new MediaRecorder(stream);
        recorder.addEventListener('dataavailable', (event) => parts.push(event.data));
        recorder.addEventListener('stop', () => {
          stream.getTracks().forEach((track) => track.stop());
          const type = recorder.mimeType.split(';')[0];
          stop();
          take(new File(parts, `recording.${type.split('/')[1]}`, { type }));
        });
        recorder.start();
        recording.setAttribute('aria-pressed', 'true');
      } catch {
        // Refused, no microphone, or a page that is not served by TLS.
        stop();
        host.invokeMethodAsync('Failed', options.noMicrophone);
      }
    });
  }

  // Somebody was faster than this script.
  takeChosen();

  return {
    // Where the video or the sound stands.
    time: () => (stage.querySelector('img') ? null : stage.querySelector('video')?.currentTime ?? wave?.time() ?? 0),
    setPart({ start, end }) {
      part = [start, end];
      wave?.setPart(start, end);
    },
    setSpeech(spans) {
      speech = spans;
      wave?.setSpeech(spans);
    },
    setFaces(found) {
      faces = found;
      return showFaces();
    },
    dispose() {
      recorder?.stop();
      listening.abort();
      clear();
    },
  };
}

"""In what the versions of ComfyUI differ, as far as a node pack can see. The facts of each (tests/facts) are tested."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Version:
    name: str
    interrupt_is_exception: bool  # whether "except Exception" catches the interrupt
    throttles_progress: bool  # a bar without a picture is sent every 0.1 s at most
    requires_outputs: bool  # a result may not be missing, even if nothing is linked to it
    keeps_what_was_shown: bool  # the outputs of a prompt have what nodes showed that did not run again
    unknown_node: str  # the kind of error of a prompt with a node that is not installed


VERSIONS = {version.name: version for version in (
    Version("0.3.64", interrupt_is_exception=True, throttles_progress=False, requires_outputs=False, keeps_what_was_shown=True,
            unknown_node="invalid_prompt"),
    Version("0.33.0", interrupt_is_exception=False, throttles_progress=True, requires_outputs=True, keeps_what_was_shown=False,
            unknown_node="missing_node_type"))}
NEWEST = list(VERSIONS)[-1]

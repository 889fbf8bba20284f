"""Which output may be linked to which input."""


def validate_node_input(received_type, input_type, strict=False):
    """Types are names, or names with commas between; "*" is any."""
    if "*" in (received_type, input_type) or received_type == input_type:
        return True
    if not isinstance(received_type, str) or not isinstance(input_type, str):
        return False
    received, wanted = ({name.strip() for name in kind.split(",")} for kind in (received_type, input_type))
    return received <= wanted if strict else bool(received & wanted)

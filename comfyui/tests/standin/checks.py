"""What ComfyUI checks of a prompt before it runs: links, ranges and lists, and what the nodes say themselves."""
import inspect

from comfy_execution.validation import validate_node_input

CONVERSIONS = {"INT": int, "FLOAT": float, "STRING": str, "BOOLEAN": bool}
LONG_LIST = 20


def is_link(value):
    return isinstance(value, list)


def declared_inputs(node, group):
    return node.INPUT_TYPES().get(group, {})


def error_of(kind, message, details, **more):
    return {"type": kind, "message": message, "details": details, "extra_info": more}


class PromptCheck:
    """Checks one prompt; converts its values in place."""

    def __init__(self, prompt, known, behaviour):
        self.prompt, self.known, self.behaviour = prompt, known, behaviour
        self._checked = {}

    async def run(self):
        """The output nodes that can run, and the answer to the client: what cannot, and why."""
        for name, entry in self.prompt.items():
            if entry.get("class_type") not in self.known:
                message = f"Cannot execute because node {entry.get('class_type')} does not exist."
                return [], self._answer(error_of(self.behaviour.unknown_node, message, f"Node ID '#{name}'"))
        outputs = [name for name, entry in self.prompt.items() if getattr(self.known[entry["class_type"]], "OUTPUT_NODE", False)]
        if not outputs:
            return [], self._answer(error_of("prompt_no_outputs", "Prompt has no outputs", ""))
        valid = [name for name in outputs if self._check_output(name)]
        return valid, self._answer(None if valid else error_of("prompt_outputs_failed_validation", "Prompt outputs failed validation", ""))

    def _answer(self, error):
        errors = {name: {"errors": errors, "class_type": self.prompt[name]["class_type"]} for name, (_, errors) in self._checked.items() if errors}
        return {"error": error, "node_errors": errors}

    def _check_output(self, name):
        try:
            return self._check(name)
        except Exception as error:
            self._checked[name] = False, [error_of("exception_during_validation", "Exception when validating node", str(error))]
            return False

    def _check(self, name):
        """Whether a node and all before it can run."""
        if name in self._checked:
            return self._checked[name][0]
        entry = self.prompt[name]
        node, inputs = self.known[entry["class_type"]], entry["inputs"]
        own = getattr(node, "VALIDATE_INPUTS", None)
        arguments = inspect.getfullargspec(own) if own else None
        named = arguments.args[1:] if arguments else []  # without the class
        takes_all = bool(arguments and arguments.varkw)
        errors, links_valid, types = [], True, {}
        for group in ("required", "optional"):
            for key, spec in declared_inputs(node, group).items():
                kind, limits = spec[0], spec[1] if len(spec) > 1 else {}
                if key not in inputs:
                    if group == "required":
                        errors.append(error_of("required_input_missing", "Required input is missing", key, input_name=key))
                elif is_link(inputs[key]):
                    links_valid &= self._check_link(key, kind, inputs[key], types, "input_types" in named, errors)
                else:
                    errors.extend(self._check_value(key, kind, limits, inputs, checks=not (key in named or takes_all)))
        if own:
            errors.extend(self._ask(node, name, named, takes_all, types))
        self._checked[name] = not errors and links_valid, errors
        return self._checked[name][0]

    def _check_link(self, key, kind, link, types, node_checks_types, errors):
        source, output = link
        received = self.known[self.prompt[source]["class_type"]].RETURN_TYPES[output]
        types[key] = received
        if not node_checks_types and not validate_node_input(received, kind):
            details = f"{key}, received_type({received}) mismatch input_type({kind})"
            errors.append(error_of("return_type_mismatch", "Return type mismatch between linked nodes", details))
            return True
        return self._check(source)

    @staticmethod
    def _check_value(key, kind, limits, inputs, checks):
        if isinstance(kind, str) and kind in CONVERSIONS:
            value = inputs[key]
            try:
                value = inputs[key] = CONVERSIONS[kind](value)
            except (TypeError, ValueError) as error:
                return [error_of("invalid_input_type", f"Failed to convert an input value to a {kind} value", f"{key}, {value}, {error}")]
        value = inputs[key]
        if not checks:
            return []
        if "min" in limits and value < limits["min"]:
            return [error_of("value_smaller_than_min", f'Value {value} smaller than min of {limits["min"]}', key)]
        if "max" in limits and value > limits["max"]:
            return [error_of("value_bigger_than_max", f'Value {value} bigger than max of {limits["max"]}', key)]
        if isinstance(kind, list) and value not in kind:
            choices = f"(list of length {len(kind)})" if len(kind) > LONG_LIST else str(kind)
            return [error_of("value_not_in_list", "Value not in list", f"{key}: {value!r} not in {choices}")]
        return []

    def _ask(self, node, name, named, takes_all, types):
        """What the node says. Its answer counts once for each input it was given: not at all where it was given none."""
        declared = {**declared_inputs(node, "required"), **declared_inputs(node, "optional")}
        given = {key: None if is_link(value) else value for key, value in self.prompt[name]["inputs"].items() if key in declared}
        given.update({key: name for key, kind in declared_inputs(node, "hidden").items() if kind == "UNIQUE_ID"})
        given = {key: value for key, value in given.items() if takes_all or key in named}
        if "input_types" in named:
            given["input_types"] = types
        answer = node.VALIDATE_INPUTS(**given)
        if answer is True:
            return []
        said = "" if answer is False else f" - {answer}"
        return [error_of("custom_validation_failed", "Custom validation failed for node", key + said, input_name=key) for key in given]

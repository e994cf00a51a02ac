"""What a function is called in reports, and where they say it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyinstrument_model.functions import Function
    from pyinstrument_model.stack_index import StackIndex


def function_name(function: Function, class_name: str | None) -> str:
    """``Class.method``, ``function``, or with its module what has no Python code."""
    if function.kind.name == "NATIVE":
        return function.qualname or function.name
    if class_name:
        return f"{class_name}.{function.name}"
    return function.name


def function_place(function: Function) -> str:
    """Short path and line of the ``def``; ``""`` where there is none."""
    place = function.short_file
    return f"{place}:{function.first_line}" if place and function.first_line else place


def function_names(index: StackIndex) -> list[str]:
    """The name of each function of an index; one met with several classes is named after the one
    that most time was spent with."""
    functions = index.functions.functions
    classes: dict[int, dict[str, int]] = {
        place: {} for place, code in enumerate(functions) if code.has_several_classes
    }
    if classes:
        class_of = index.functions.class_of_location
        for function, location, total_ns in zip(index.of_row, index.location, index.total_ns):
            if function in classes and total_ns and class_of[location]:
                found, name = classes[function], class_of[location]
                found[name] = found.get(name, 0) + total_ns
    return [
        function_name(code, code.main_class(classes.get(place, {})))
        for place, code in enumerate(functions)
    ]


def function_labels(index: StackIndex) -> list[str]:
    """``function (file.py:12)`` of each function, where a format has no room for the file."""
    found = []
    for name, code in zip(function_names(index), index.functions.functions):
        is_python = code.kind.name == "PYTHON"
        found.append(f"{name} ({function_place(code)})" if is_python else name)
    return found

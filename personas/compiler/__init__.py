"""The persona compiler: the kinds of customer a site addresses, each with the words it was read from."""

from personas.compiler.compiling import compile_personas
from personas.compiler.identifying import identifier
from personas.compiler.improving import Improved, improve_personas
from personas.compiler.improving_answers import ANSWERS, read_answers, write_answers

__all__ = [
    "ANSWERS",
    "Improved",
    "compile_personas",
    "identifier",
    "improve_personas",
    "read_answers",
    "write_answers",
]

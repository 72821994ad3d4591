"""The persona compiler: the kinds of customer a site addresses, each with the words it was read from."""

from personas.compiler.compiling import compile_personas
from personas.compiler.identifying import identifier
from personas.compiler.improving import improve_personas

__all__ = ["compile_personas", "identifier", "improve_personas"]

"""The bundled plans, held against figures worked by hand."""

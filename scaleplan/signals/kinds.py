"""The kinds of what is said of a signal's text (SP85x): why it is no plan, or what the plan rests on beside it."""

from scaleplan.diagnostic import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

INCOMPLETE = Kind("SP850", "signal-incomplete", _ERROR, "The text leaves out what no plan can do without.")
STATUS = Kind("SP851", "signal-status", _ERROR, "The text says what became of a signal, and is none itself.")
SEVERAL = Kind("SP852", "several-signals", _ERROR, "The text holds more than one signal.")
TWO_READINGS = Kind("SP853", "number-reads-two-ways", _ERROR, "A number of the text can be read in two ways.")
CONTRADICTS = Kind("SP854", "signal-contradicts", _ERROR, "Two things that the text says cannot both hold.")
FAR_APART = Kind("SP855", "prices-far-apart", _ERROR, "Two prices of the text differ by more than ten times.")
ASSUMED = Kind("SP856", "signal-assumed", _NOTE, "The plan says something that the text does not.")
LEFT_OUT = Kind("SP857", "signal-left-out", _NOTE, "The plan leaves out something that the text says.")
ODD = Kind("SP858", "signal-odd", _WARNING, "Something in the text is likely meant otherwise than it is written.")

KINDS = (INCOMPLETE, STATUS, SEVERAL, TWO_READINGS, CONTRADICTS, FAR_APART, ASSUMED, LEFT_OUT, ODD)

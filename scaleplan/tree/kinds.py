"""The kinds of problem that a file can have before it is a plan: bytes, characters, and YAML.

What YAML can do beyond plain keys, lists and texts is refused on purpose: a plan is read as it stands, so that what
a reader sees in the file is what is traded.
"""

from scaleplan.diagnostic import Kind, Severity

NOT_UTF8 = Kind("SP001", "not-utf8", Severity.ERROR, "The file is not written in UTF-8.")
TOO_LARGE = Kind("SP002", "too-large", Severity.ERROR, "The file has more bytes than any plan needs.")
CONTROL_CHARACTER = Kind("SP003", "control-character", Severity.ERROR, "An invisible character stands in the text.")
NOT_YAML = Kind("SP004", "not-yaml", Severity.ERROR, "YAML cannot read the text from this place on.")
TOO_DEEP = Kind("SP005", "too-deep", Severity.ERROR, "Lists and keys are nested deeper than any plan needs.")
TOO_MANY_NODES = Kind("SP006", "too-many-nodes", Severity.ERROR, "The file has more values than any plan needs.")
ANCHOR = Kind("SP007", "anchor", Severity.ERROR, "A value is given a name (`&name`) to be copied elsewhere.")
ALIAS = Kind("SP008", "alias", Severity.ERROR, "A value is copied from elsewhere (`*name`).")
TAG = Kind("SP009", "tag", Severity.ERROR, "A value carries a YAML type (`!name`).")
MERGE_KEY = Kind("SP010", "merge-key", Severity.ERROR, "The keys of another mapping are merged in (`<<`).")
DUPLICATE_KEY = Kind("SP011", "duplicate-key", Severity.ERROR, "A key is written twice in the same mapping.")
SECOND_DOCUMENT = Kind("SP012", "second-document", Severity.ERROR, "A second YAML document begins in the file.")
EMPTY_FILE = Kind("SP013", "empty-file", Severity.ERROR, "The file holds nothing, or nothing but comments.")
KEY_NOT_TEXT = Kind("SP014", "key-not-text", Severity.ERROR, "A key is a list, a mapping, a block of text, or missing.")
TEXT_CUT_AT_HASH = Kind("SP015", "text-cut-at-hash", Severity.WARNING, "A text ends where a `#` begins a comment.")
TOO_MANY_PROBLEMS = Kind("SP017", "too-many-problems", Severity.ERROR, "More problems were found than are listed.")

KINDS = (
    NOT_UTF8,
    TOO_LARGE,
    CONTROL_CHARACTER,
    NOT_YAML,
    TOO_DEEP,
    TOO_MANY_NODES,
    ANCHOR,
    ALIAS,
    TAG,
    MERGE_KEY,
    DUPLICATE_KEY,
    SECOND_DOCUMENT,
    EMPTY_FILE,
    KEY_NOT_TEXT,
    TEXT_CUT_AT_HASH,
    TOO_MANY_PROBLEMS,
)

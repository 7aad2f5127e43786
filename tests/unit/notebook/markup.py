"""What a viewer keeps of our markup in a notebook that it does not trust, as data, and a parser that lists what there is.

Source of the lists: measured in JupyterLab 4.6.6 by opening cards untrusted and reading back every element, attribute and
declaration. What its sanitiser keeps moved between versions, so the lists hold only what we use and saw kept.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TAGS = frozenset(
    {
        "a",
        "b",
        "br",
        "details",
        "div",
        "i",
        "img",
        "li",
        "pre",
        "span",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
    }
    | {"tr", "ul"}
)
EMPTY = frozenset({"br", "img"})

# Attributes by tag; "*" are those of any tag. A class is kept, and may name a card for others; no style may depend on it.
ATTRIBUTES = {"*": {"class", "id", "lang", "style"}, "a": {"href"}, "details": {"open"}, "th": {"scope"}}
ATTRIBUTES["img"] = {"src", "alt", "width"}

# Properties, and how their values must begin: None where any plain value is kept.
PROPERTIES: dict[str, tuple[str, ...] | None] = {
    "align-items": ("center",),
    "background-color": ("#", "rgba(", "transparent"),
    "border": None,
    "border-bottom": None,
    "border-collapse": ("collapse",),
    "border-left": None,
    "border-radius": None,
    "color": ("#",),
    "cursor": ("pointer",),
    "display": ("flex", "inline-block"),
    "flex-wrap": ("wrap",),
    "font-family": None,
    "font-size": None,
    "font-weight": None,
    "gap": None,
    "line-height": None,
    "margin": None,
    "margin-top": None,
    "max-width": None,
    "opacity": None,
    "overflow-wrap": ("break-word",),
    "padding": None,
    "padding-left": None,
    "table-layout": ("auto", "fixed"),
    "text-align": ("left",),
    "vertical-align": ("top",),
    "white-space": ("nowrap", "pre-wrap"),
    "width": None,
    "word-break": ("break-all",),
}

# Measured as dropped, or as asking for something from outside.
NEVER = (
    "var(",
    "url(",
    "calc(",
    "hsl(",
    "color-mix",
    "expression",
    "inherit",
    "currentcolor",
    "canvastext",
    "!important",
)
DROPPED_VALUES = {"word-break": ("break-word",), "overflow-wrap": ("anywhere",), "position": ("sticky",)}


@dataclass
class Markup(HTMLParser):
    """The elements of some markup with their attributes, and its text."""

    source: str
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if len(attrs) != len(dict(attrs)):
            self.strange.append(f"an attribute twice: {tag} {attrs}")
        if tag not in EMPTY:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.unclosed or self.unclosed.pop() != tag:
            self.strange.append(f"closes what is not open: {tag}")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.strange.append(f"comment: {data}")

    def handle_decl(self, decl: str) -> None:
        self.strange.append(f"declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        self.strange.append(f"declaration: {data}")

    def handle_pi(self, data: str) -> None:
        self.strange.append(f"instruction: {data}")

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements with the names of their attributes, in order."""
        return [(tag, tuple(attributes)) for tag, attributes in self.elements]


def declarations(style: str) -> list[tuple[str, str]]:
    pairs = [declaration.partition(":") for declaration in style.split(";") if declaration.strip()]
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def refused(markup: Markup) -> list[str]:
    """Everything that a viewer would drop, or that is not ours."""
    found = [*markup.strange, *(f"not closed: {tag}" for tag in markup.unclosed)]
    for tag, attributes in markup.elements:
        if tag not in TAGS:
            found.append(f"tag: {tag}")
        strangers = attributes.keys() - ATTRIBUTES["*"] - ATTRIBUTES.get(tag, set())
        found += [f"attribute: {tag} {name}" for name in strangers]
        if tag == "img" and not attributes.get("src", "").startswith("data:image/jpeg;base64,"):
            found.append("a picture from outside")
        found += _of_style(attributes.get("style", ""))
    return found


def _of_style(style: str) -> list[str]:
    found = [f"value: {style}" for word in NEVER if word in style.lower()]
    for name, value in declarations(style):
        starts = PROPERTIES.get(name, ())
        if starts is not None and not value.startswith(starts or ("nothing is allowed",)):
            found.append(f"declaration: {name}: {value}")
        if value.startswith(DROPPED_VALUES.get(name, ("nothing is dropped",))):
            found.append(f"dropped: {name}: {value}")
    return found


# What the check must find, so that it can fail.
BITES_ARE_FOUND = (
    "<script>x</script>",
    "<div onclick='x'></div>",
    "<div style='color:var(--jp-x)'></div>",
    "<div style='background-color:url(x)'></div>",
    "<div style='word-break:break-word'></div>",
    "<div style='position:sticky'></div>",
    "<img src='x.png'>",
    "<img src='data:image/svg+xml;base64,eA=='>",
    "<div style='color:red'></div>",
    "<div data-x='1'></div>",
    "<div role='status'></div>",
    "<div><b></div>",
    "<style>a{}</style>",
    "<!-- x -->",
    "<a href='x' style='behavior:x'></a>",
)

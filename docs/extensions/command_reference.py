"""The directive ``command-options``: the options of the command, from its own parser."""

from __future__ import annotations

from optparse import OptionGroup, OptionParser

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx


class CommandOptions(Directive):
    """A section for each group of options, in the order of ``pyinstrument --help``."""

    def run(self) -> list[nodes.Node]:
        from pyinstrument.options import option_parser

        parser = option_parser()
        found: list[nodes.Node] = [nodes.literal_block(text=parser.get_usage().strip())]
        for group in parser.option_groups:
            section = nodes.section(ids=[nodes.make_id(group.title)])
            section["support_smartquotes"] = False  # `--` is no dash here
            section += nodes.title(text=group.title)
            if group.description:
                section += nodes.paragraph(text=group.description)
            section += _list_of(parser, group)
            found.append(section)
        return found


def _list_of(parser: OptionParser, group: OptionGroup) -> nodes.definition_list:
    items = nodes.definition_list(classes=["command-options"])
    for option in group.option_list:
        names = parser.formatter.format_option_strings(option)
        items += nodes.definition_list_item(
            "",
            nodes.term(text=names),
            nodes.definition("", nodes.paragraph(text=option.help)),
        )
    return items


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("command-options", CommandOptions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

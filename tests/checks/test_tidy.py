"""What counts as a finding of clang-tidy."""
import unittest

import tidy

RULE = "/p/src/a.cpp:14:36: error: the parameter is copied [performance-unnecessary-value-param,-warnings-as-errors]\n  x\n"
PARSING = "/usr/include/c++/12/ranges:9:1: error: no matching function [clang-diagnostic-error]\n  y\n/p/a.h:1:1: note: here\n"
MISSING = "/p/src/a.cpp:1:10: error: 'no.h' file not found [clang-diagnostic-error]\n"


class Findings(unittest.TestCase):
    def test_a_rule_that_is_broken_counts(self):
        self.assertEqual(list(tidy.findings(PARSING + RULE)), [RULE.strip()])

    def test_what_clang_cannot_parse_does_not(self):
        self.assertEqual(list(tidy.findings(PARSING)), [])

    def test_a_file_that_was_not_read_does(self):
        self.assertEqual(len(list(tidy.findings(MISSING))), 1)


if __name__ == "__main__":
    unittest.main()

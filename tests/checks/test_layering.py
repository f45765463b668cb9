"""The layering check must see a wrong edge; otherwise its silence means nothing."""
import pathlib
import tempfile
import unittest

import layering


class Layering(unittest.TestCase):
    def found(self, **sources):
        """Violations in a src/ that consists of `layer__file="text"`."""
        with tempfile.TemporaryDirectory() as folder:
            src = pathlib.Path(folder)
            for name, text in sources.items():
                layer, file = name.split("__")
                (src / layer).mkdir(exist_ok=True)
                (src / layer / f"{file}.h").write_text(text, encoding="utf-8")
            return list(layering.violations(src))

    def test_the_table_is_allowed(self):
        self.assertEqual(self.found(
            net__a='#include "app/x.h"\n#include "protocol/y.h"\n#include "base/z.h"\n#include <boost/asio.hpp>',
            media__b='#include "domain/x.h"\n#include "media/c.h"\n#include <libavcodec/avcodec.h>',
            server__c='#include "storage/x.h"\n#include "media/y.h"'), [])

    def test_a_wrong_edge_is_named_with_its_line(self):
        (line,) = self.found(domain__bad='#include <string>\n#include "media/probe.h"')
        self.assertIn("bad.h:2: domain must not include \"media/probe.h\"", line)

    def test_net_storage_and_media_never_see_each_other(self):
        for layer in ("net", "storage", "media"):
            others = {"net", "storage", "media"} - {layer}
            text = "".join(f'#include "{other}/x.h"\n' for other in sorted(others))
            self.assertEqual(len(self.found(**{f"{layer}__bad": text})), 2, layer)

    def test_nobody_includes_the_server(self):
        self.assertEqual(len(self.found(app__bad='#include "server/options.h"')), 1)

    def test_a_new_layer_needs_a_place_in_the_table(self):
        self.assertEqual(len(self.found(extras__a="")), 1)

    def test_libraries_stay_in_their_layer(self):
        self.assertEqual(len(self.found(app__a="#include <sqlite3.h>", net__b="#include <libavutil/mem.h>")), 2)

    def test_a_relative_include_is_refused(self):
        self.assertEqual(len(self.found(base__a='#include "../domain/x.h"', base__b='#include "x.h"')), 2)


if __name__ == "__main__":
    unittest.main()

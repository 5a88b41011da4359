"""The documentation is true: links lead somewhere, tests that it names exist, options and output are those of the program.

CHUNKMILL_BUILD_DIR names the build whose program is asked.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHUNKMILL = pathlib.Path(os.environ["CHUNKMILL_BUILD_DIR"]).resolve() / "chunkmill"
LEFT_OUT = {"build", "decisions", ".git"}
LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
PROOF = re.compile(r"\*\(([^)]*)\)\*")


def pages():
    """Every page of the project, but those of builds."""
    for path in sorted(ROOT.rglob("*.md")):
        if not LEFT_OUT & set(path.relative_to(ROOT).parts[:-1]) or path.parent.name == "decisions":
            if "build" not in path.relative_to(ROOT).parts:
                yield path


def words(path):
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)


def anchors(path):
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.*)$", words(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_link(page, target):
    """Why the link leads nowhere; empty when it leads somewhere."""
    name, _, anchor = target.partition("#")
    path = (page.parent / urllib.parse.unquote(name)).resolve() if name else page
    if not path.exists():
        return "there is no such file"
    return "there is no such heading" if anchor and anchor not in anchors(path) else ""


def with_its_modules(path):
    """The text of a test, and of the modules beside it that it imports."""
    text = path.read_text()
    beside = [path.with_name(f"{module}.py") for module in re.findall(r"^from (\w+) import", text, re.MULTILINE)]
    return text + "".join(module.read_text() for module in beside if module.exists())


def missing_proofs(proof):
    """The tests that `proof` names and the tree does not have: "tests/jobs: a, b; tests/faults/x_test.py: Name"."""
    missing = []
    for part in proof.split(";"):
        place, _, names = part.strip().partition(":")
        if not re.fullmatch(r"(tests/[\w./]+|\w+_test\.py)", place):
            continue  # a remark
        path = ROOT / place if "/" in place else next(iter(ROOT.glob(f"tests/*/{place}")), ROOT / place)
        if not path.exists():
            missing.append(place)
        elif path.is_dir():
            missing += [f"{place}: {name}" for name in re.findall(r"[a-z][\w.]*\*?", names) if not any(path.glob(name))]
        elif re.fullmatch(r"\s*\w+", names) and names.strip() not in with_its_modules(path):
            missing.append(f"{place}: {names.strip()}")
    return missing


def chunkmill(*arguments, codes=(0,)):
    done = subprocess.run([CHUNKMILL, *arguments], capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"})
    if done.returncode not in codes:
        raise AssertionError(f"{arguments}: exit {done.returncode}\n{done.stderr}")
    return done


def options(schema, path=""):
    """The options of a schema as `plugins describe` names them: table, tables.NAME.mode."""
    for name, member in schema.get("properties", {}).items():
        yield path + name
        yield from options(member, f"{path}{name}.")
        within = member.get("additionalProperties")
        if isinstance(within, dict):
            yield from options(within, f"{path}{name}.NAME.")


class Links(unittest.TestCase):
    def test_every_link_leads_to_a_file_and_a_heading(self):
        broken = []
        for page in pages():
            for target in LINK.findall(words(page)):
                if "://" not in target and (why := broken_link(page, target)):
                    broken.append(f"{page.relative_to(ROOT)}: {target}: {why}")
        self.assertEqual(broken, [])

    def test_a_link_that_leads_nowhere_is_found(self):
        page = ROOT / "README.md"
        self.assertNotEqual(broken_link(page, "docs/no_such_page.md"), "")
        self.assertNotEqual(broken_link(page, "docs/plugins.md#no-such-heading"), "")
        self.assertEqual(broken_link(page, "docs/plugins.md#the-lock-file"), "")

    def test_the_readme_and_the_index_link_every_page_of_docs(self):
        for index, prefix in ((ROOT / "README.md", "docs/"), (ROOT / "docs/README.md", "")):
            linked = set(LINK.findall(index.read_text()))
            for page in sorted((ROOT / "docs").glob("*.md")):
                if page != index:
                    self.assertIn(prefix + page.name, linked, index)


class Proofs(unittest.TestCase):
    def test_every_test_that_a_page_names_exists(self):
        missing = []
        for page in pages():
            for proof in PROOF.findall(words(page).replace("\n", " ")):
                missing += [f"{page.relative_to(ROOT)}: {name}" for name in missing_proofs(proof)]
        self.assertEqual(missing, [])

    def test_a_test_that_does_not_exist_is_found(self):
        self.assertEqual(missing_proofs("tests/jobs: route, no_such_case; tests/faults/kill_test.py: NoSuchClass"),
                         ["tests/jobs: no_such_case", "tests/faults/kill_test.py: NoSuchClass"])


    def test_every_test_of_the_injected_faults_exists(self):
        scripts = {path.name: path.read_text() for path in (ROOT / "tests/faults").glob("*.py")}
        named = re.findall(r"`(\w+_test\.py|test_\w+|[A-Z][a-zA-Z]+Test|[A-Z][a-z]+)`", (ROOT / "docs/faults.md").read_text())
        self.assertGreater(len(named), 30)
        for name in named:
            self.assertTrue(name in scripts or any(re.search(rf"(class|def) {name.rstrip('_')}", text) for text in scripts.values()), name)


class Plugins(unittest.TestCase):
    def plugins(self):
        return json.loads(chunkmill("plugins", "list", "--format", "json").stdout)

    def folder(self, plugin):
        return ROOT / "plugins" / (plugin["kind"] + "s") / plugin["name"].replace(".", "/")

    def test_every_plugin_has_a_page_in_its_folder(self):
        missing = {plugin["name"] for plugin in self.plugins() if not (self.folder(plugin) / "README.md").exists()}
        self.assertEqual(missing, set())

    def test_tables_of_options_are_those_of_the_program(self):
        tables = 0
        for plugin in self.plugins():
            page = self.folder(plugin) / "README.md"
            rows = re.search(r"^\| option \|.*\n\| ---.*\n((?:\|.*\n)*)", page.read_text() if page.exists() else "", flags=re.MULTILINE)
            if not rows:
                continue
            tables += 1
            named = re.findall(r"^\| `([^`]+)`", rows[1], flags=re.MULTILINE)
            described = json.loads(chunkmill("plugins", "describe", plugin["kind"], plugin["name"], "--format", "json").stdout)
            self.assertEqual(sorted(named), sorted(options(described["options"])), page)
        self.assertGreater(tables, 0)


    def test_examples_have_options_that_exist(self):
        made = {"source": "source: {type: generate, rows: 3, columns: {supplier_id: {sequence: 1}, category: {sequence: 1}, spend: {sequence: 1},\n"
                          "  amount: {sequence: 1}, currency: {choice: [USD]}, name: {text: 3}, html: {text: 3}}}\n",
                "sinks": "sinks: [{type: discard}]\n"}
        checked = 0
        for page in sorted((ROOT / "plugins").glob("*/*/README.md")):
            for block in re.findall(r"^```yaml\n(.*?)```", page.read_text(), flags=re.DOTALL | re.MULTILINE):
                keys = set(re.findall(r"^(\w+):", block, flags=re.MULTILINE))
                if not keys & {"source", "sinks", "hooks"}:
                    continue  # a part of a block, or a calculator with lookups of its own job
                with self.subTest(page), tempfile.TemporaryDirectory() as folder:
                    job = "".join(text for key, text in made.items() if key not in keys) + ("" if "job" in keys else "job: page\n") + block
                    path = pathlib.Path(folder, "job.yaml")
                    path.write_text(re.sub(r"^    from: .*\n", "", job, flags=re.MULTILINE).replace("${DATABASE_URL}", self.ADDRESS[page.parent.name]
                                           if page.parent.name in self.ADDRESS else ""))
                    said = chunkmill("validate", str(path), codes=(0, 69, 78)).stderr
                    checked += 1
                    self.assertNotRegex(said, "unknown (option|key)|expected|both|needs|exclude")
                    if "sinks" in keys and "source" not in keys:
                        self.assertEqual(said, "")
        self.assertGreater(checked, 10)

    ADDRESS = {"postgres": "postgresql://u:p@127.0.0.1:1/d", "mysql": "mysql://u:p@127.0.0.1:1/d"}


class Code(unittest.TestCase):
    def test_the_plugins_that_pages_show_compile(self):
        shown = [block for page in pages() for block in re.findall(r"^```cpp\n(.*?)```", page.read_text(), flags=re.DOTALL | re.MULTILINE)
                 if "CHUNKMILL_" in block]
        self.assertGreater(len(shown), 1)
        for block in shown:
            subprocess.run(["c++", "-std=c++20", "-fsyntax-only", f"-I{ROOT}/sdk/include", "-xc++", "-"], input=block, text=True, check=True)


class Scope3(unittest.TestCase):
    """The pages of the categories: their columns and options are those of the program, their example runs over the rows of examples/030."""

    example = ROOT / "examples/030_scope3_inventory"
    family = ROOT / "plugins/calculators/scope3"

    @classmethod
    def setUpClass(cls):
        names = [plugin["name"] for plugin in json.loads(chunkmill("plugins", "list", "--format", "json").stdout)]
        cls.schemas = {name: json.loads(chunkmill("plugins", "describe", "calculator", name, "--format", "json").stdout)["options"]["properties"]
                       for name in names if name.startswith("scope3.") and name != "scope3.inventory"}

    def page(self, name):
        return (self.family / name.removeprefix("scope3.") / "README.md").read_text()

    def own(self, members):
        """What each category has and not all of them have."""
        shared = set.intersection(*(set(of) for of in members.values()))
        return {name: sorted(set(of) - shared) for name, of in members.items()}

    def table(self, page, heading):
        rows = re.search(rf"^\| {heading} \|.*\n\| ---.*\n((?:\|.*\n)*)", page, flags=re.MULTILINE)
        return sorted(re.findall(r"^\| `([^`]+)`", rows[1], flags=re.MULTILINE)) if rows else []

    def test_columns_and_options_are_those_of_the_program(self):
        columns = self.own({name: schema["columns"]["properties"] for name, schema in self.schemas.items()})
        members = self.own(self.schemas)
        self.assertEqual(len(columns), 15)
        for name in self.schemas:
            self.assertEqual(self.table(self.page(name), "column"), columns[name], name)
            self.assertEqual(self.table(self.page(name), "own option"), members[name], name)

    def test_examples_run(self):
        whole = (self.example / "job.yaml").read_text()
        lookups = re.search(r"^lookups:.*?(?=^source:)", whole, flags=re.DOTALL | re.MULTILINE)[0]
        lines = (self.example / "data/ledger.jsonl").read_text().splitlines()
        for number, name in re.findall(r"^      (\d+): \{type: ([\w.]+)", whole, flags=re.MULTILINE):
            block = re.search(r"```yaml\n(calculators:.*?)```", self.page(name), flags=re.DOTALL)[1]
            rows = [line for line in lines if f'"category": {number},' in line]
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                shutil.copytree(self.example / "lookups", f"{folder}/lookups")
                pathlib.Path(folder, "rows.jsonl").write_text("\n".join(rows) + "\n")
                pathlib.Path(folder, "job.yaml").write_text(
                    f"job: page\n{lookups}source: {{type: jsonl, path: rows.jsonl}}\n{block}sinks: [{{type: csv, path: out.csv}}]\n"
                    "errors: {max_failed_percent: 100}\n")
                chunkmill("run", f"{folder}/job.yaml", codes=(0, 3))
                self.assertGreater(len(pathlib.Path(folder, "out.csv").read_text().splitlines()), 1)


class Reference(unittest.TestCase):
    """The tables of docs/job-file.md and docs/metrics.md against what the program has and prints."""

    def section(self, page, heading):
        text = (ROOT / "docs" / page).read_text()
        return re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", text, flags=re.DOTALL | re.MULTILINE)[1]

    def named(self, page, heading):
        """The words in quotes of the first column of the tables of a section."""
        rows = re.findall(r"^\| ([^|]+) \|", self.section(page, heading), flags=re.MULTILINE)
        return [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]

    def test_the_keys_of_a_job_are_those_of_the_program(self):
        schema = json.loads(chunkmill("plugins", "schema").stdout)["properties"]
        self.assertEqual(sorted(self.named("job-file.md", "Top level")), sorted(schema))
        for section in ("chunk", "retry", "errors", "budget"):
            self.assertEqual(sorted(self.named("job-file.md", f"`{section}`")), sorted(schema[section]["properties"]))

    def test_the_fields_of_events_and_log_records_are_those_that_are_printed(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "examples/010_supplier_emissions", folder, dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns(".chunkmill", "emissions.db*"))
            job = pathlib.Path(folder, "job.yaml")
            job.write_text(job.read_text() + "\nhooks: [{type: jsonl, path: events.jsonl}]\n")
            run = chunkmill("run", str(job), "--log-format", "json", "--format", "json", codes=(3,))
            events = [json.loads(line) for line in pathlib.Path(folder, "events.jsonl").read_text().splitlines()]
        json.loads(run.stdout)
        for record in map(json.loads, filter(lambda line: line.startswith("{"), run.stderr.splitlines())):
            self.assertEqual(list(record)[:3], ["time", "level", "message"])
        seen = {event["event"]: set(event) - {"event"} for event in events}
        self.assertEqual(set(seen), {"run_start", "chunk", "run_end"})
        chunk = set(self.named("metrics.md", "`chunk`"))
        self.assertEqual(seen["run_start"], set(self.named("metrics.md", "`run_start`")))
        self.assertEqual(seen["chunk"], chunk)
        self.assertEqual(seen["run_end"] - chunk, set(self.named("metrics.md", "`run_end`")) - chunk)
        causes = [cause for event in events for cause in event.get("errors", [])]
        self.assertEqual({key for cause in causes for key in cause}, set(self.named("metrics.md", "A cause of errors")))

    def test_the_words_of_the_glossary_stand_where_it_says(self):
        found = re.findall(r"((?:`[\w:]+`,? ?(?:and )?)+)in \[[^]]+\]\(\.\./([^)]+)\)", (ROOT / "docs/glossary.md").read_text())
        self.assertGreater(len(found), 10)
        for names, path in found:
            text = (ROOT / path).read_text()
            for name in re.findall(r"`([\w:]+)`", names):
                self.assertRegex(text, rf"\b{name.rpartition(':')[2]}\b", path)

    def test_the_exit_codes_are_those_of_the_program(self):
        header = (ROOT / "framework/cli/command.hpp").read_text()
        codes = {int(code) for code in re.findall(r"inline constexpr int k\w+ = (\d+);", header)}
        page = {int(code) for code in re.findall(r"^\| (\d+) \|", (ROOT / "docs/exit-codes.md").read_text(), flags=re.MULTILINE)}
        self.assertEqual(page, codes | {143})


class Readme(unittest.TestCase):
    def masked(self, text):
        text = re.sub(r"(?m)^\S+Z info", "info", text)
        text = re.sub(r" in [\d.:]+ (us|ms|s),", " in TIME,", text)
        text = re.sub(r"pace  [\d,]+ rows/s", "pace  RATE rows/s", text)
        text = re.sub(r"_[0-9a-f]{8}-[0-9a-f]{8}\.state\.db", "_ID.state.db", text)
        return text

    def test_the_output_that_it_shows_is_that_of_the_example(self):
        shown = re.search(r"The first command prints this \(paths are shortened here\):\n\n```\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)[1]
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "examples/010_supplier_emissions", folder, dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns(".chunkmill", "emissions.db*"))
            printed = chunkmill("run", f"{folder}/job.yaml", codes=(3,)).stderr.replace(f"{folder}/", "")
        self.assertEqual(self.masked(printed), self.masked(shown))

    def test_the_names_of_its_map_are_in_the_files_that_it_links(self):
        section = re.search(r"^## Where things are$(.*?)^The main path", (ROOT / "README.md").read_text(), flags=re.DOTALL | re.MULTILINE)[1]
        rows = [row for row in section.splitlines() if row.startswith("| w") or row.startswith("| which")]
        self.assertGreater(len(rows), 4)
        for row in rows:
            files = [ROOT / target for target in LINK.findall(row) if "docs/" not in target]
            text = "".join(file.read_text() for file in files)
            for name in re.findall(r"`(?:\w*::)?(\w+)`", row):
                self.assertRegex(text, rf"\b{name}\b", row)

    def test_the_job_that_it_shows_is_the_example(self):
        shown = re.search(r"## A job\n\n```yaml\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)[1]
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "examples/010_supplier_emissions", folder, dirs_exist_ok=True)
            (pathlib.Path(folder) / "job.yaml").write_text(shown)
            chunkmill("validate", f"{folder}/job.yaml")


if __name__ == "__main__":
    unittest.main()

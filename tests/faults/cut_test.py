"""Connections to a database server that are cut, silenced or slowed, at random bytes and right after a commit was sent."""

import random

from cases import LONG, CaseTest, expand, for_each, main
from databases import SERVERS
from harness import PLUGINS_WITHOUT_FENCE
from proxy import CLOSE, DOWN, RESET, STALL, SWALLOW, UP, Proxy, Trouble

SEED = 20240302
CUTS = 200 if LONG else 7
# The sink gives up waiting for an answer after so long.
TIMEOUT = "700ms"
# A commit as it goes over the wire, and nothing that only speaks of one (READ COMMITTED).
COMMIT = {"postgres": b"commit\0", "mysql": b"\3commit"}
MODES = (RESET, CLOSE, SWALLOW, STALL)


class CutOff(CaseTest):
    def through_proxy(self, kind, **options):
        """A case whose connections go through `self.proxy`."""
        database = self.database(kind)
        self.proxy = Proxy((database.server.hostname, database.server.port))
        self.addCleanup(self.proxy.close)
        case = self.case_of(database, sink={"timeout": TIMEOUT, "port": self.proxy.port, **options.pop("sink", {})}, **options)
        self.measure()
        expected, seconds = self.undisturbed(case)
        return case, expected, seconds

    def measure(self, trouble=None):
        self.proxy.trouble = trouble
        self.proxy.bytes = {UP: 0, DOWN: 0}
        self.proxy.connections = 0
        return trouble

    def cut(self, case, trouble, *arguments):
        self.measure(trouble)
        outcome = case.job.run(*arguments)
        self.proxy.trouble = None
        self.proxy.cut()
        return outcome

    def check(self, case, expected, trouble, name):
        """One cut, from nothing: the run ends by itself, or the same command ends it; exact either way. Says whether it needed that."""
        case.again()
        with self.subTest(cut=name):
            outcome = self.cut(case, trouble)
            resumed = outcome.code not in (0, 3)
            if resumed:
                self.assertEqual(outcome.code, 69, outcome)
                self.finish(case)
            self.assert_left(case, expected, f"{name}: {outcome}")
            return resumed
        return False


@expand
class CutTest(CutOff):
    @for_each(SERVERS)
    def at_random_bytes(self, kind):
        case, expected, _ = self.through_proxy(kind)
        chance = random.Random(SEED)
        totals = dict(self.proxy.bytes)
        hit = resumed = 0
        for _ in range(CUTS):
            direction = chance.choice((UP, UP, DOWN))
            trouble = Trouble(chance.choice(MODES), chance.randrange(totals[direction]), direction)
            resumed += self.check(case, expected, trouble, f"{trouble.mode} after {trouble.after} bytes {direction}")
            hit += trouble.used
        self.assertGreater(hit, CUTS * 0.8)
        print(f"{self.id()}: {hit} cuts of connections that carry {totals}, {resumed} runs needed the command again", flush=True)

    @for_each(SERVERS)
    def after_a_commit_was_sent_and_before_its_answer(self, kind):
        case, expected, _ = self.through_proxy(kind)
        chance = random.Random(SEED + 1)
        hit = resumed = 0
        for _ in range(CUTS):
            trouble = Trouble(chance.choice((RESET, CLOSE, SWALLOW)), word=COMMIT[kind], nth=chance.randrange(1, 25))
            nth = trouble.left
            resumed += self.check(case, expected, trouble, f"{trouble.mode} at commit {nth}")
            hit += trouble.used
        self.assertGreater(hit, CUTS * 0.8)
        print(f"{self.id()}: {hit} lost answers, {resumed} runs needed the command again", flush=True)

    @for_each(SERVERS)
    def a_slow_server_is_waited_for(self, kind):
        case, expected, seconds = self.through_proxy(kind)
        self.measure()
        self.proxy.delay = 0.02
        outcome = case.job.run()
        self.proxy.delay = 0.0
        self.assert_ended(outcome, 3)
        self.assertEqual(outcome.summary["retries"], 0)
        self.assertGreater(outcome.summary["time_seconds"], seconds)
        self.assert_left(case, expected)


@expand
class NegativeControl(CutOff):
    @for_each(SERVERS)
    def without_the_fence_a_lost_answer_writes_a_chunk_twice(self, kind):
        self.need_variant("unfenced", kind)
        case, expected, _ = self.through_proxy(kind)
        outcome = self.cut(case, Trouble(SWALLOW, word=COMMIT[kind], nth=12), "--plugin-dir", PLUGINS_WITHOUT_FENCE)
        # 70: the host has asked the ledger at the end, and found more than it counted.
        self.assertIn(outcome.code, (0, 3, 70), outcome)
        rows = case.left()["rows"]
        self.assertGreater(len(rows), len(expected["rows"]), outcome)
        self.assertEqual(len(set(rows)), len(expected["rows"]))


if __name__ == "__main__":
    main()

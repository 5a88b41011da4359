"""How a contest is run, and how its outcome reads."""
import statistics


def contest(rounds, ours, rivals):
    """Seconds of ours and of each rival, run in turn: {name: [seconds]}; None for a rival that is not there."""
    times = {"chunkmill": []} | {name: [] for name in rivals}
    for _ in range(rounds):
        times["chunkmill"].append(ours())
        for name, rival in rivals.items():
            seconds = rival() if times[name] is not None else None
            times[name] = None if seconds is None else times[name] + [seconds]
    return times


def against(title, rows, times, least):
    """Rows of the results table: `least` names what each rival must be beaten by."""
    ours = statistics.median(times["chunkmill"])
    for rival, factor in least.items():
        if times[rival] is None:
            yield title, f"{rows / ours:,.0f} rows/s", rival, "not measured", f"{factor} x", ""
            continue
        theirs = statistics.median(times[rival])
        yield title, f"{rows / ours:,.0f} rows/s", f"{rival}: {rows / theirs:,.0f} rows/s", f"{theirs / ours:.2f} x", f"{factor} x", \
            "yes" if theirs / ours >= factor else "NO"

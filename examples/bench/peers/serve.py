"""How the programs here are asked for times: the bench writes a line with a number of seconds to their standard input, and
they answer with a line of milliseconds, one for each run that fits into them (one at least) after a run that does not
count. The first line that they print is what is timed, with its version, and after a semicolon what it found, which shows
whether it does the work.
"""
import sys
import time


def serve(name, run, per=1):
    """Answers with the times of run(), each divided by per."""
    print(name, flush=True)
    for line in sys.stdin:
        run()
        times, end = [], time.perf_counter() + float(line)
        while not times or time.perf_counter() < end:
            start = time.perf_counter()
            run()
            times.append(1e3 * (time.perf_counter() - start) / per)
        print(*times, flush=True)

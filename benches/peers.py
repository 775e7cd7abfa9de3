"""notegate beside MinHash-LSH libraries on one corpus of the generator, in one run.

    pip install datasketch rensa gaoya
    cargo bench --bench corpus -- write FOLDER mix 900
    python3 benches/peers.py FOLDER target/release/notegate

    cargo bench --bench corpus -- write FOLDER 100000 900
    python3 benches/peers.py speed FOLDER target/release/notegate

Prints a table: share of the templated articles that stand in a group with another of their template, articles of nobody's template that stand
in any group, and seconds. Libraries get word 5-grams and 128 hashes at several thresholds, their own tokenising included.

With `speed`: seconds by the clock and of both cores, articles a second, and peak memory of the process. Libraries get word 3-grams, 128
hashes and the texts in memory; they make the index and ask it about every text. notegate walks the folder and reads the files itself.
"""
import collections
import os
import json
import pathlib
import re
import resource
import subprocess
import sys
import time

SHINGLE = 5
HASHES = 128
THRESHOLDS = (0.9, 0.8, 0.5, 0.3, 0.1, 0.05)


def read(folder):
    truth = dict(line.split("\t") for line in (folder / "truth.tsv").read_text().splitlines())
    return truth, {name: (folder / name).read_text() for name in truth}


def shingles(text):
    words = re.findall(r"\w+", text.lower())
    return [" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))]


def groups(names, pairs):
    above = {name: name for name in names}

    def find(name):
        while above[name] != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    for a, b in pairs:
        above[find(a)] = find(b)
    sets = collections.defaultdict(list)
    for name in names:
        sets[find(name)].append(name)
    return [group for group in sets.values() if len(group) > 1]


def datasketch(texts, threshold):
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=HASHES)
    made = {}
    for name, text in texts.items():
        made[name] = MinHash(num_perm=HASHES)
        made[name].update_batch([shingle.encode() for shingle in shingles(text)])
        index.insert(name, made[name])
    return [(name, other) for name, sketch in made.items() for other in index.query(sketch) if sketch.jaccard(made[other]) >= threshold]


def rensa(texts, threshold):
    from rensa import RMinHash

    made = {}
    for name, text in texts.items():
        sketch = RMinHash(num_perm=HASHES, seed=1)
        sketch.update(shingles(text))
        made[name] = sketch
    # its own index wants bands that divide the hashes; all pairs are its best case for recall
    names = list(made)
    return [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if made[a].jaccard(made[b]) >= threshold]


def score(truth, found):
    group_of = {name: number for number, group in enumerate(found) for name in group}
    sizes = collections.Counter((group_of[name], truth[name]) for name in group_of)
    templated = [name for name in truth if truth[name].startswith("template")]
    caught = sum(1 for name in templated if name in group_of and sizes[group_of[name], truth[name]] > 1)
    others = [name for name in truth if truth[name] in ("independent", "series")]
    wrongly = sum(1 for name in others if name in group_of)
    return caught / max(1, len(templated)), wrongly, len(others)


def gaoya_job(texts):
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, 0.7, 16, 8, None, "word", True, (3, 3), id_container="vec")
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    index.par_bulk_query(texts)


def rensa_job(texts):
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(0.7, HASHES, 16)
    sketches = []
    for number, text in enumerate(texts):
        words = re.findall(r"\w+", text.lower())
        sketch = RMinHash(num_perm=HASHES, seed=1)
        sketch.update([" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))])
        index.insert(number, sketch)
        sketches.append(sketch)
    for sketch in sketches:
        index.query(sketch)


def speed(folder, binary):
    """Each job in a process of its own, three times in turn; the best counts."""
    jobs = {"gaoya": gaoya_job, "rensa": rensa_job, "notegate corpus": None}
    best = {}
    count = sum(1 for name in os.listdir(folder) if name.endswith(".md"))
    for _ in range(3):
        for name, job in jobs.items():
            inside, outside = os.pipe()
            child = os.fork()
            if child == 0:
                texts = [path.read_text() for path in sorted(folder.glob("*.md"))] if job else []
                started, used = time.perf_counter(), os.times()
                if job:
                    job(texts)
                else:
                    subprocess.run([binary, "corpus", str(folder)], check=True, stdout=subprocess.DEVNULL)
                spent = os.times()
                cores = sum(spent[:4]) - sum(used[:4])
                who = resource.RUSAGE_SELF if job else resource.RUSAGE_CHILDREN
                told = f"{time.perf_counter() - started} {cores} {resource.getrusage(who).ru_maxrss / 1024}"
                os.write(outside, told.encode())
                os._exit(0)
            os.close(outside)
            os.waitpid(child, 0)
            clock, cores, memory = map(float, os.read(inside, 200).split())
            os.close(inside)
            best[name] = min(best.get(name, (clock, cores, memory)), (clock, cores, memory))
    print(f"{count} articles\n\n| job | seconds | of both cores | articles a second | peak memory |\n| --- | --- | --- | --- | --- |")
    for name, (clock, cores, memory) in best.items():
        print(f"| {name} | {clock:.1f} | {cores:.1f} | {count / clock:,.0f} | {memory:,.0f} MB |")


def main():
    if sys.argv[1] == "speed":
        speed(pathlib.Path(sys.argv[2]), sys.argv[3])
        return
    folder, binary = pathlib.Path(sys.argv[1]), sys.argv[2]
    truth, texts = read(folder)
    print(f"{len(texts)} articles of {folder.name}\n\n| method | article recall | caught wrongly | seconds |\n| --- | --- | --- | --- |")

    def row(name, find):
        started = time.perf_counter()
        found = find()
        seconds = time.perf_counter() - started
        recall, wrongly, others = score(truth, found)
        print(f"| {name} | {recall:.3f} | {wrongly} of {others} | {seconds:.1f} |", flush=True)

    for tool in (datasketch, rensa):
        for threshold in THRESHOLDS:
            row(f"{tool.__name__} {threshold}", lambda tool=tool, threshold=threshold: groups(texts, tool(texts, threshold)))

    def ours():
        told = subprocess.run([binary, "corpus", str(folder), "--format", "json"], capture_output=True, check=True, text=True).stdout
        return [[pathlib.PurePosixPath(path).name for path in cluster["articles"]] for cluster in json.loads(told)["clusters"]]

    row("notegate", ours)


main()

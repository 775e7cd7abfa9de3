#!/usr/bin/env python3
"""Count findings in 10,000 words, by rule and severity, over folders of long texts.

    cargo build --release
    python3 benches/false_alarms.py FOLDER... [--notegate PATH] [--severity error] [--list] [--check CHECK]...

A number per rule says how loud it is; whether it is right, a reader has to say: `--list` prints each finding with its place and its
sentence, so that they can be read one by one. Only checks that judge language are counted. The texts stay where they are.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys

LANGUAGE = ["freshness", "live-price", "personalized-advice", "source-transparency", "ymyl-boundary", "scaled-content", "affiliate-disclosure"]
# About a document as a whole: an undated page has no date, which is no false alarm.
WHOLE = {"freshness/no-date", "freshness/never-reviewed", "freshness/stale", "freshness/unreadable-date", "freshness/ageing"}


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("folder", nargs="+", type=pathlib.Path)
    args.add_argument("--notegate", default=str(pathlib.Path(__file__).parent.parent / "target/release/notegate"))
    args.add_argument("--severity", default="error", choices=["error", "warning", "note"], help="which findings --list prints")
    args.add_argument("--list", action="store_true", help="print every finding of that severity")
    args.add_argument("--check", action="append", help="only these checks")
    args = args.parse_args()
    for folder in args.folder:
        count(args, folder)


def count(args, folder):
    command = [args.notegate, "check", "--no-cache", "--format", "json", "--as-of", "2026-05-17", "--fail-on", "never", "."]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode == 2:
        run = subprocess.run([part for part in command if part != "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode == 2:
        sys.exit(run.stderr)
    articles = [article for article in json.loads(run.stdout)["articles"] if (article.get("language") or "en").startswith("en")]
    words = sum(article["words"] for article in articles)
    tally = collections.Counter()
    for article in articles:
        for check in article["checks"]:
            if check["id"] not in (args.check or LANGUAGE):
                continue
            for finding in check["findings"]:
                if finding["rule"] in WHOLE:
                    continue
                tally[finding["rule"], finding["severity"]] += 1
                if args.list and finding["severity"] == args.severity:
                    print(f"{article['path']}:{finding['line']} {finding['rule']}\n    {finding['message']}\n    {finding['excerpt']}")
    print(f"\n{folder}: {len(articles)} articles, {words} words; findings, and in 10,000 words")
    for severity in ["error", "warning", "note"]:
        rules = {rule: n for (rule, kind), n in tally.items() if kind == severity}
        total = sum(rules.values())
        print(f"  {severity:<8} {total:>6} {total * 10_000 / max(words, 1):>8.2f}")
        for rule, n in sorted(rules.items(), key=lambda item: (-item[1], item[0])):
            print(f"    {n:>6} {n * 10_000 / max(words, 1):>8.2f}  {rule}")


if __name__ == "__main__":
    main()

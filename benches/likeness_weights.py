#!/usr/bin/env python3
"""Learn how much each word makes a sentence read as advice, as a live price, and as a disclosure, and write `src/rulebook/likeness.txt`.

    pip install scikit-learn
    python3 benches/likeness_weights.py FOLDER... --near FOLDER... [--markets FOLDER...] > src/rulebook/likeness.txt

It learns from the labelled cases of tests/cases and tests/cases/practice (the sets that are kept apart to measure are left out), from the rules' own
sentences, and from the sentences of long innocent texts in FOLDER (Markdown; they are never committed). Texts that explain money
to readers come behind `--near`: they are the nearest to advice, and all of them are read. Texts behind `--markets` speak of prices of
their day: they are innocent of advice alone.
The tokens are those of `src/document/token.rs`, near enough; the features are those of `src/rulebook/likeness.rs`.
"""

import argparse
import collections
import pathlib
import random
import re
import tomllib

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = pathlib.Path(__file__).parent.parent
ADVICE, PRICE, DISCLOSURE = "A-M", "P", "X"
CASES = {
    ADVICE: ["generalisation.md", "fresh.md", "fresh-second.md", "advice-first.md"],
    PRICE: ["generalisation.md", "fresh.md", "fresh-second.md", "fresh-third.md", "fresh-fourth.md"],
    DISCLOSURE: ["generalisation.md", "fresh.md", "fresh-second.md", "fresh-third.md", "fresh-fourth.md"],
}
CHECKS = {ADVICE: ["personalized-advice", "ymyl-boundary"], PRICE: ["live-price"], DISCLOSURE: []}
# A day of a sample's year is judged by the sample beside it, not by the words.
SAMPLED = re.compile(r"\b(2026-\d\d-\d\d|\d{1,2}(st|nd|rd|th)? [A-Z]\w+,? 2026|[A-Z]\w+ \d{1,2}(st|nd|rd|th)?,? 2026)\b")
# Names of assets that are other things more often.
MANIFOLD = {"position", "positions", "holding", "holdings", "exposure", "contract", "contracts", "bar", "bars", "round", "rounds", "calls", "options", "puts",
            "token", "tokens", "energy", "lead", "tin", "steel", "carbon", "oats", "property", "basket", "stake", "share", "certificate", "certificates", "buffalo", "eagle", "panda"}
READER = {"you", "your", "you're", "you'll", "yours", "yourself", "you'd", "you've"}
MONTHS = {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
# Months that are other words at the head of a sentence.
MANIFOLD_MONTHS = {"march", "may"}
TOKEN = re.compile(r"\d(?:[\d.,:/\-]*\d)?[A-Za-z]*|[$£€₹¥]|%|[^\W\d_][\w'\-]*")
YEAR = re.compile(r"(1[5-9]|20)\d\d(s|-\d\d-\d\d)?")
# How far the labelled sentences are believed against small weights: where little else is read, further.
TRUST = {ADVICE: 0.3, PRICE: 0.3, DISCLOSURE: 1.0}
LEAST_SEEN, LEAST_WEIGHT, SCALE = 2, 8, 100
SENTENCES, FEW, NEAR, BESIDE = 60000, 10000, 3.0, 5.0


def lexicon(all_of, name, seen):
    table = all_of.get(name, {})
    for word in table.get("words", []):
        seen.add(word.lower())
    for noun in table.get("nouns", []):
        one = noun.split(" > ")[0].lower()
        seen.update([one, one[:-1] + "ies" if one.endswith("y") else one + "s"])
    for other in table.get("include", []):
        lexicon(all_of, other, seen)
    return seen


def words(text, assets, known):
    out = []
    tokens = TOKEN.findall(text.replace("’", "'"))
    for i, found in enumerate(tokens):
        word = found.lower().removesuffix("'s")
        if YEAR.fullmatch(found):
            out.append("#year")
        elif found[0].isdigit():
            out.append("#number")
        elif word in MONTHS and found[0].isupper() and (i or word not in MANIFOLD_MONTHS):
            out.append("#month")
        elif found in "$£€₹¥":
            beside = tokens[max(i - 1, 0):i] + tokens[i + 1:i + 2]
            out.append("#money" if any(token[0].isdigit() for token in beside) else "#other")
        elif found == "%":
            out.append("#percent")
        elif word in assets:
            out.append("#asset")
        elif known is not None and word not in known:
            out.append("#name" if i and found[0].isupper() else "#other")
        else:
            out.append(word)
    end = re.sub(r"[^.?!]", "", text.rstrip()[-3:])
    return out + (["#asks"] if "?" in end else ["#exclaims"] if "!" in end else [])


def features(text, assets, known):
    tokens = words(text, assets, known)
    found = list(tokens)
    found += [f"^ {tokens[0]}"] if tokens else []
    found += [f"{a} {b}" for a, b in zip(tokens, tokens[1:])]
    found += [f"$ {word}" for word in tokens] if "#asset" in tokens else []
    found += [f"@ {word}" for word in tokens] if READER & set(tokens) else []
    found += [f"% {word}" for word in tokens] if {"#number", "#percent"} & set(tokens) else []
    found += [f"& {word}" for word in tokens] if "#year" in tokens else []
    return found


def cases(path, families):
    family = None
    for line in path.read_text().splitlines():
        if line.startswith("```"):
            found = re.fullmatch(rf"```cases ([{families}])\s*", line)
            family = found and found.group(1)
        elif family and line[:2] in ("+ ", "- ", "~ "):
            text = re.sub(r"^(FM: [\w-]+|[HQTCL]): ", "", line[2:].split(" ## ")[0])
            # what is half a disclosure is neither
            if not (families == PRICE and SAMPLED.search(text)) and not (families == DISCLOSURE and line[0] == "~"):
                yield text, int(line[0] != "-")


def sentences(folders):
    for path in sorted(path for folder in folders for path in pathlib.Path(folder).rglob("*.m*d*")):
        text = path.read_text(errors="ignore")
        text = re.sub(r"^---\n.*?\n---\n|```.*?```", "", text, flags=re.S)
        text = re.sub(r"[`*_#>|]", "", re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text))
        for paragraph in re.split(r"\n\s*\n|\n(?=\s*[-*+] )", text):
            for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z\"])", " ".join(paragraph.split())):
                if 25 < len(sentence) < 300:
                    yield sentence


def labelled(families):
    files = [ROOT / "tests/cases" / name for name in CASES[families]] + sorted((ROOT / "tests/cases/practice").glob("*.md"))
    found = [case for path in files for case in cases(path, families)]
    for check in CHECKS[families]:
        for rule in tomllib.loads((ROOT / f"rules/{check}.toml").read_text())["rule"]:
            found += [(text, 1) for text in rule.get("hit", [])] + [(text, 0) for text in rule.get("miss", [])]
    if families == DISCLOSURE:
        return found
    # whole articles that the tests hold to pass these checks are innocent too, whatever is wrong with them otherwise
    others = [folder for folder in sorted((ROOT / "fixtures").iterdir()) if folder.name not in CHECKS[families] + ["gate"]]
    passing = others + [ROOT / "fixtures" / check / "pass" for check in CHECKS[families]] + [ROOT / "fixtures/gate/pass", ROOT / "fixtures/gate/limited"]
    return found + [(text, 0) for text in dict.fromkeys(sentences(passing))]


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("folder", nargs="*")
    args.add_argument("--near", nargs="*", default=[])
    args.add_argument("--markets", nargs="*", default=[])
    args = args.parse_args()
    lexicons = tomllib.loads((ROOT / "rules/lexicons.toml").read_text())["lexicon"]
    assets = {word for word in lexicon(lexicons, "instrument", set()) if " " not in word} - MANIFOLD
    near, markets, innocent = (list(dict.fromkeys(sentences(folders))) for folders in (args.near, args.markets, args.folder))
    of = {families: labelled(families) for families in CASES}
    random.Random(1).shuffle(innocent)
    innocent = innocent[:SENTENCES]
    texts = [text for cases in of.values() for text, _ in cases] + near + markets + innocent
    seen = collections.Counter(word for text in texts for word in {found for found in words(re.sub(r"(?<!^)\b[A-Z]\w*", "", text), assets, None)})
    known = {word for word, count in seen.items() if count > LEAST_SEEN and not word.startswith("#")}
    weights = collections.defaultdict(lambda: [0] * len(of))
    for kind, (families, learnt) in enumerate(of.items()):
        # what stands above a link that pays is asked whether it discloses, and nothing else is: of other texts a few will do
        others = {ADVICE: near + markets + innocent, PRICE: near + innocent, DISCLOSURE: innocent[:FEW]}[families]
        plain = {ADVICE: len(markets + innocent), PRICE: len(innocent), DISCLOSURE: len(innocent[:FEW])}[families]
        counts = [BESIDE] * len(learnt) + [NEAR] * (len(others) - plain) + [1.0] * plain
        vectors = CountVectorizer(analyzer=lambda text: features(text, assets, known), min_df=LEAST_SEEN)
        model = LogisticRegression(C=TRUST[families], solver="liblinear", max_iter=1000)
        found = vectors.fit_transform([text for text, _ in learnt] + others)
        model.fit(found, [label for _, label in learnt] + [0] * len(others), sample_weight=counts)
        weights["!"][kind] = round(float(model.intercept_[0]) * SCALE)
        for name, weight in zip(vectors.get_feature_names_out(), model.coef_[0]):
            weight = round(float(weight) * SCALE)
            weights[name][kind] = weight if abs(weight) >= LEAST_WEIGHT else 0
    print("// Written by benches/likeness_weights.py; src/rulebook/likeness.rs says what the lines mean.")
    print("!", *weights.pop("!"))
    used = {word for name in weights for word in name.split()}
    for word in sorted(assets):
        print(f"= {word}")
    for word in sorted(known):
        if not any(weights[word]) and word in used:
            print(word, *[0] * len(of))
    for name, each in sorted(weights.items()):
        if any(each):
            print(name, *each)


if __name__ == "__main__":
    main()

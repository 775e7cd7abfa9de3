#!/usr/bin/env python3
"""Learn how much each word makes a sentence read as advice, and write `src/rulebook/likeness.txt`.

    pip install scikit-learn
    python3 benches/advice_weights.py FOLDER... --near FOLDER... > src/rulebook/likeness.txt

It learns from the labelled cases of tests/cases and tests/cases/practice (the sets that are kept apart to measure are left out), from the rules' own
sentences, and from the sentences of long innocent texts in FOLDER (Markdown; they are never committed). Texts that explain money
to readers come last: they are the nearest to advice, and all of them are read.
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
CASES = ["generalisation.md", "fresh.md", "fresh-second.md", "advice-first.md"]
CHECKS = ["personalized-advice", "ymyl-boundary"]
# Names of assets that are other things more often.
MANIFOLD = {"position", "positions", "holding", "holdings", "exposure", "contract", "contracts", "bar", "bars", "round", "rounds", "calls", "options", "puts",
            "token", "tokens", "energy", "lead", "tin", "steel", "carbon", "oats", "property", "basket", "stake", "share", "certificate", "certificates", "buffalo", "eagle", "panda"}
READER = {"you", "your", "you're", "you'll", "yours", "yourself", "you'd", "you've"}
TOKEN = re.compile(r"\d[\d.,:/]*|[$£€₹¥]|%|[^\W\d_][\w'\-]*")
LEAST_SEEN, LEAST_WEIGHT, SCALE = 2, 8, 100
SENTENCES, NEAR, BESIDE = 60000, 3.0, 5.0


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
        if found[0].isdigit():
            out.append("#number")
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
    return found


def cases(path):
    family = None
    for line in path.read_text().splitlines():
        if line.startswith("```"):
            found = re.fullmatch(r"```cases ([A-M])\s*", line)
            family = found and found.group(1)
        elif family and line[:2] in ("+ ", "- ", "~ "):
            text = re.sub(r"^(FM: [\w-]+|[HQTC]): ", "", line[2:].split(" ## ")[0])
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


def main():
    lexicons = tomllib.loads((ROOT / "rules/lexicons.toml").read_text())["lexicon"]
    assets = {word for word in lexicon(lexicons, "instrument", set()) if " " not in word} - MANIFOLD
    files = [ROOT / "tests/cases" / name for name in CASES] + sorted((ROOT / "tests/cases/practice").glob("*.md"))
    labelled = [case for path in files for case in cases(path)]
    for check in CHECKS:
        for rule in tomllib.loads((ROOT / f"rules/{check}.toml").read_text())["rule"]:
            labelled += [(text, 1) for text in rule["hit"]] + [(text, 0) for text in rule["miss"]]
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("folder", nargs="*")
    args.add_argument("--near", nargs="*", default=[])
    args = args.parse_args()
    # whole articles that the tests hold to pass both checks are innocent too, whatever is wrong with them otherwise
    passing = [folder for folder in sorted((ROOT / "fixtures").iterdir()) if folder.name not in CHECKS + ["gate"]] + [ROOT / "fixtures" / check / "pass" for check in CHECKS]
    labelled += [(text, 0) for text in dict.fromkeys(sentences(passing + [ROOT / "fixtures/gate/pass", ROOT / "fixtures/gate/limited"]))]
    near = list(dict.fromkeys(sentences(args.near)))
    innocent = list(dict.fromkeys(sentences(args.folder)))
    random.Random(1).shuffle(innocent)
    innocent = innocent[:SENTENCES]
    texts = [text for text, _ in labelled] + near + innocent
    labels = [label for _, label in labelled] + [0] * (len(near) + len(innocent))
    counts = [BESIDE] * len(labelled) + [NEAR] * len(near) + [1.0] * len(innocent)
    seen = collections.Counter(word for text in texts for word in {found for found in words(re.sub(r"(?<!^)\b[A-Z]\w*", "", text), assets, None)})
    known = {word for word, count in seen.items() if count > LEAST_SEEN and not word.startswith("#")}
    vectors = CountVectorizer(analyzer=lambda text: features(text, assets, known), min_df=LEAST_SEEN)
    model = LogisticRegression(C=0.3, solver="liblinear", max_iter=1000)
    model.fit(vectors.fit_transform(texts), labels, sample_weight=counts)
    weights = {name: round(float(weight) * SCALE) for name, weight in zip(vectors.get_feature_names_out(), model.coef_[0])}
    print("// Written by benches/advice_weights.py; src/rulebook/likeness.rs says what the lines mean.")
    print(f"! {round(float(model.intercept_[0]) * SCALE)}")
    used = {word for name in weights for word in name.split()}
    for word in sorted(assets):
        print(f"= {word}")
    for word in sorted(known):
        if abs(weights.get(word, 0)) < LEAST_WEIGHT and word in used:
            print(f"{word} 0")
    for name, weight in sorted(weights.items()):
        if abs(weight) >= LEAST_WEIGHT:
            print(f"{name} {weight}")


if __name__ == "__main__":
    main()

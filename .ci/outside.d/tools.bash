# Sourced by the checks: finds or installs what they need. Each `need_*` prints nothing where the tool is there already.

# Oldest Node.js that the npm packages run on.
NODE_AT_LEAST=18

die() {
  printf 'outside: %s\n' "$*" >&2
  exit 1
}

# Debian's packages by name, as root or by sudo. $1: what they are for; the rest: names.
install_packages() {
  local what="$1" log sudo=()
  shift
  command -v apt-get >/dev/null || die "$what is missing and apt-get is not here: install it ($*) and run this again"
  if [[ $(id -u) != 0 ]]; then
    sudo -n true 2>/dev/null || die "$what is missing: install $* as root and run this again"
    sudo=(sudo -n)
  fi
  printf 'installing %s for %s\n' "$*" "$what"
  log="$(mktemp)"
  if ! { "${sudo[@]}" apt-get update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "$* could not be installed; the last lines of apt-get are above"
  fi
  rm -f "$log"
}

need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    install_packages "Node.js" nodejs npm
  fi
  local version
  version="$(node -p 'process.versions.node.split(".")[0]')"
  ((version >= NODE_AT_LEAST)) || die "Node.js $version is too old: the npm packages need $NODE_AT_LEAST or newer"
}

need_java() {
  # on some systems `java` is there and only says that there is none
  java -version >/dev/null 2>&1 || install_packages "a Java runtime" default-jre-headless
}

# Sets BROWSER.
need_browser() {
  local name
  for try in first again; do
    for name in "${CHROME_PATH:-}" chromium chromium-browser google-chrome google-chrome-stable; do
      if [[ -n $name ]] && BROWSER="$(command -v "$name")" && "$BROWSER" --version >/dev/null 2>&1; then
        export BROWSER
        return
      fi
    done
    [[ $try == again ]] || install_packages "a browser" chromium
  done
  die "Chromium was installed and does not start"
}

# The npm packages of package-lock.json, once for each version of that file. Sets MODULES.
need_modules() {
  need_node
  local here="$PWD/.ci/outside.d" digest fresh log
  digest="$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c1-16)"
  MODULES="$NOTEGATE_OUTSIDE_CACHE/npm-$digest"
  export MODULES
  if [[ -d $MODULES ]]; then
    return
  fi
  printf 'installing npm packages\n'
  # made beside its place and moved there, so that an installation that was cut off is never taken for a whole one
  fresh="$(mktemp -d "$NOTEGATE_OUTSIDE_CACHE/fresh-XXXXXX")"
  log="$fresh/log"
  cp "$here/package.json" "$here/package-lock.json" "$fresh/"
  if ! (cd "$fresh" && npm ci --ignore-scripts --no-audit --no-fund) >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -rf "$fresh"
    die "the npm packages could not be installed; the last lines of npm are above"
  fi
  mv -T "$fresh" "$MODULES" 2>/dev/null || rm -rf "$fresh"
  [[ -d $MODULES/node_modules ]] || die "the npm packages are not where they were installed: $MODULES"
}

# Python packages, in an environment of their own for each list. Sets PYTHON, the folder of its programs.
need_python() {
  local digest fresh log
  python3 -c 'import venv, ensurepip' 2>/dev/null || install_packages "Python" python3 python3-venv
  digest="$(printf '%s\n' "$@" | sha256sum | cut -c1-16)"
  PYTHON="$NOTEGATE_OUTSIDE_CACHE/python-$digest/bin"
  export PYTHON
  if [[ -e $PYTHON/.whole ]]; then
    return
  fi
  printf 'installing %s\n' "$*"
  fresh="$NOTEGATE_OUTSIDE_CACHE/python-$digest"
  log="$(mktemp)"
  # environments of Python cannot be moved: a mark says that this one is whole
  rm -rf "$fresh"
  if ! { python3 -m venv "$fresh" && "$PYTHON/pip" install --quiet --disable-pip-version-check "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -rf "$log" "$fresh"
    die "the Python packages could not be installed; the last lines of pip are above"
  fi
  rm -f "$log"
  touch "$PYTHON/.whole"
}

# Builds the tool and sets NOTEGATE.
need_notegate() {
  local message
  message="$("${CARGO:-cargo}" build --quiet --locked --message-format=json-render-diagnostics)" || die "notegate does not build"
  NOTEGATE="$(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' <<<"$message" | tail -n 1)"
  [[ -x $NOTEGATE ]] || die "cargo named no program"
  export NOTEGATE
}

# Pages given by path must be valid HTML, without warnings.
valid_html() {
  need_java
  java -jar "$MODULES/node_modules/vnu-jar/build/dist/vnu.jar" --Werror "$@"
}

# Pages given by path must have no violation that axe-core finds in a browser.
accessible() {
  need_browser
  node .ci/outside.d/accessible.mjs "$@"
}

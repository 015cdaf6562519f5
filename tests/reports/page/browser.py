"""A page in headless Chromium: what a script finds there, and the errors that the page logs."""

import json
import re
import shutil
import subprocess

NAMES = "chromium", "chromium-browser", "google-chrome"
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
RESULT = re.compile(r'<output id="found">(.*?)</output>', re.DOTALL)
ACT = """<script>
const part = document.createElement("output");
part.id = "found";
try {{ part.textContent = JSON.stringify((() => {{ {script} }})()); }}
catch (error) {{ part.textContent = JSON.stringify("" + error); }}
document.body.append(part);
</script></body>"""


def run(folder, *options):
    """Chromium's output and log. It gets a profile of its own and no network."""
    command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    command += ["--hide-scrollbars", "--enable-logging=stderr", "--disable-dev-shm-usage"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}"]
    return subprocess.run(
        [*command, *options], capture_output=True, text=True, check=True, timeout=120
    )


def found(html, script, folder, width=1200, dark=False):
    """What a script returns at the end of a page. AssertionError if the page logs anything."""
    from html import unescape

    path = folder / "tried.html"
    path.write_text(html.replace("</body>", ACT.format(script=script)))
    options = ["--dump-dom", f"--window-size={width},900", path.as_uri()]
    done = run(folder, *["--blink-settings=preferredColorScheme=0"] * dark, *options)
    logged = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not logged, logged
    return json.loads(unescape(RESULT.search(done.stdout)[1]))

"""The web page of an exported file, in a headless Chromium.

    python scripts/check_page.py [--vendor FOLDER] [--work FOLDER] [--pictures FOLDER] [--write]

Trains a small network on synthetic audio, writes its float and int8 files and a page of each, and
opens them: recordings through the file dialog and by drag and drop, the microphone (a recording in
its place), keyboard, requests, a lost network, errors. What the page shows is compared with
`AudioClassifier`. --write keeps the figures in results/page.json, --pictures takes screenshots."""

import argparse
import base64
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soundfile as sf
from measured_on import measured_on

root = Path(__file__).resolve().parent.parent
tolerance = 1e-3


# --- a browser over its DevTools protocol ---


class Browser:
    "Chromium; `call` sends a command and handles the events that arrive before its result"

    def __init__(self, *flags):
        from websocket import create_connection

        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        program = next(filter(None, map(shutil.which, names)))
        self.process = subprocess.Popen(
            [
                program,
                '--headless',
                '--no-sandbox',
                '--disable-gpu',
                '--remote-debugging-port=0',
                f'--user-data-dir={self.folder.name}',
                '--autoplay-policy=no-user-gesture-required',
                '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
                *flags,
                'about:blank',
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        address = (
            next(line for line in self.process.stderr if ' ws://' in line).split(' on ')[1].strip()
        )
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        self.socket = create_connection(address, suppress_origin=True, timeout=120)
        self.handlers, self.last = {}, 0

    def send(self, method, session=None, **params):
        self.last += 1
        self.socket.send(
            json.dumps(
                dict(id=self.last, method=method, params=params)
                | (dict(sessionId=session) if session else {})
            )
        )
        return self.last

    def call(self, method, session=None, **params):
        number = self.send(method, session, **params)
        while True:
            message = json.loads(self.socket.recv())
            if message.get('id') == number:
                if 'error' in message:
                    raise RuntimeError(f'{method}: {message["error"]["message"]}')
                return message['result']
            if 'method' in message:
                for handler in self.handlers.get(message['method'], ()):
                    handler(message.get('sessionId'), message['params'])

    def on(self, method, handler):
        self.handlers.setdefault(method, []).append(handler)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


names = 'chromium', 'chromium-browser', 'google-chrome', 'chrome'


class Tab:
    "A page in a context of its own; its requests and errors are kept"

    def __init__(self, browser, url=None, width=1280, height=900):
        self.browser, self.requests, self.errors, self.chooser = browser, [], [], None
        self.context = browser.call('Target.createBrowserContext')['browserContextId']
        target = browser.call(
            'Target.createTarget', url='about:blank', browserContextId=self.context
        )['targetId']
        self.session = browser.call('Target.attachToTarget', targetId=target, flatten=True)[
            'sessionId'
        ]
        self.sessions = {self.session}
        browser.on('Target.attachedToTarget', self.attached)
        for method, handler in dict(
            [
                ('Network.requestWillBeSent', self.requested),
                ('Runtime.exceptionThrown', self.failed),
                ('Log.entryAdded', self.logged),
                ('Page.fileChooserOpened', self.chooser_opened),
            ]
        ).items():
            browser.on(method, self.of_this_page(handler))
        for domain in ('Page', 'Network', 'Runtime', 'Log', 'DOM', 'Accessibility'):
            self.call(f'{domain}.enable')
        self.call(
            'Target.setAutoAttach', autoAttach=True, waitForDebuggerOnStart=True, flatten=True
        )
        self.size(width, height)
        if url:
            self.open(url)

    def of_this_page(self, handler):
        return lambda session, params: handler(params) if session in self.sessions else None

    def requested(self, params):
        self.requests.append(params['request']['url'])

    def failed(self, params):
        self.errors.append(
            params['exceptionDetails'].get('exception', {}).get('description')
            or params['exceptionDetails']['text']
        )

    def chooser_opened(self, params):
        self.chooser = params['backendNodeId']

    def logged(self, params):
        if params['entry']['level'] == 'error':
            self.errors.append(f'{params["entry"]["text"]} {params["entry"].get("url", "")}')

    def attached(self, session, params):  # a worker of this page
        if session not in self.sessions:
            return
        self.sessions.add(params['sessionId'])
        for method in ('Network.enable', 'Runtime.enable', 'Runtime.runIfWaitingForDebugger'):
            self.browser.send(method, params['sessionId'])

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def size(self, width, height=900):
        self.call(
            'Emulation.setDeviceMetricsOverride',
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )

    def open(self, url, until='status().startsWith("Ready")'):
        self.call('Page.navigate', url=url)
        self.wait('document.readyState == "complete"')
        self.wait(until)

    def js(self, code):
        result = self.call(
            'Runtime.evaluate',
            expression=code,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if 'exceptionDetails' in result:
            raise RuntimeError(f'{code}: {result["exceptionDetails"]}')
        return result['result'].get('value')

    def wait(self, condition, seconds=60):
        condition = condition.replace(
            'status()', '(document.getElementById("status")?.textContent ?? "")'
        )
        end = time.monotonic() + seconds
        while not self.js(f'Boolean({condition})'):
            if time.monotonic() > end:
                raise AssertionError(
                    f'not within {seconds} s: {condition}; the page shows {self.status!r}, '
                    f'errors {self.errors}'
                )
            time.sleep(0.05)

    @property
    def status(self):
        return self.js('document.getElementById("status")?.textContent')

    def press(self, key, text=None):
        codes = dict(Tab=9, Enter=13, Escape=27)
        code = codes.get(key, ord(key[0].upper()))
        self.call(
            'Input.dispatchKeyEvent',
            type='keyDown',
            key=key,
            code='Space' if key == ' ' else key,
            windowsVirtualKeyCode=code,
            **(dict(text='\r' if key == 'Enter' else key) if key in ('Enter', ' ') else {}),
        )
        self.call(
            'Input.dispatchKeyEvent',
            type='keyUp',
            key=key,
            code='Space' if key == ' ' else key,
            windowsVirtualKeyCode=code,
        )

    @property
    def focus(self):
        return self.js(
            '(o => o.id || o.getAttribute("aria-label") || o.tagName)(document.activeElement)'
        )

    def choose(self, path):
        "A recording through the file dialog, opened by the keyboard"
        self.call('Page.setInterceptFileChooserDialog', enabled=True)
        self.chooser = None
        self.js('document.getElementById("file").focus()')
        self.press('Enter')
        while self.chooser is None:
            self.js('new Promise(done => setTimeout(done, 30))')
        self.call('DOM.setFileInputFiles', files=[str(path)], backendNodeId=self.chooser)

    def drop(self, path):
        data = dict(items=[], files=[str(path)], dragOperationsMask=1)
        for kind in ('dragEnter', 'dragOver', 'drop'):
            self.call('Input.dispatchDragEvent', type=kind, x=300, y=300, data=data)

    def done(self, path):
        end = json.dumps(f'{Path(path).name} is done')
        self.wait(f'status().startsWith({end}) || document.querySelector("#status.error")', 180)
        assert self.status.startswith(Path(path).name + ' is done'), self.status

    def picture(self, path, dark=False):
        self.call(
            'Emulation.setEmulatedMedia',
            features=[dict(name='prefers-color-scheme', value='dark' if dark else 'light')],
        )
        self.js('new Promise(done => setTimeout(done, 300))')
        height = self.js('document.documentElement.scrollHeight')
        data = self.call(
            'Page.captureScreenshot',
            captureBeyondViewport=True,
            clip=dict(x=0, y=0, width=self.js('innerWidth'), height=height, scale=1),
        )['data']
        Path(path).write_bytes(base64.b64decode(data))

    def scores(self):  # {label: number shown}
        text = 'o.querySelector("bdi").textContent'
        number = 'Number(o.querySelector("b").textContent)'
        rows = '[...document.querySelectorAll("#scores li")]'
        return self.js(f'Object.fromEntries({rows}.map(o => [{text}, {number}]))')

    def events(self):  # [(start, end, label, score)]
        cells = '[...o.cells].map(cell => cell.textContent)'
        rows = self.js(f'[...document.querySelectorAll("#events tr")].map(o => {cells})')
        return [
            (*[seconds(o) for o in span.strip('▸ s').split('–')], label, float(score))
            for span, label, score in rows
        ]

    def elsewhere(self, server):  # [URL] that were requested from others
        home = (server.url, 'blob:', 'data:')
        return [url for url in self.requests if not url.startswith(home)]

    def close(self):
        self.browser.call('Target.disposeBrowserContext', browserContextId=self.context)


def seconds(text):  # of '1:02.50' or '2.50'
    minutes, _, rest = text.rpartition(':')
    return 60 * int(minutes or 0) + float(rest)


class Server:
    "A folder over http, with the paths that were requested"

    def __init__(self, folder, port=0):
        self.paths = paths = []

        class Handler(SimpleHTTPRequestHandler):
            def log_message(self, *args):
                paths.append(self.path)

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, request, address):
                pass  # a tab that was closed in the middle of a file

        self.server = Quiet(('127.0.0.1', port), partial(Handler, directory=str(folder)))
        self.port = self.server.server_port
        self.url = f'http://127.0.0.1:{self.port}/'
        threading.Thread(
            target=self.server.serve_forever, kwargs=dict(poll_interval=0.05), daemon=True
        ).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.stop()


# --- a network, its files and recordings ---


def make_files(work):
    "{name: file} of a small trained network: fp32 and int8"
    files = {name: work / f'sounds_{name}.onnx' for name in ('fp32', 'int8')}
    if all(o.exists() for o in files.values()):
        return files
    from fastai.torch_core import set_seed

    from audio_kd.data import AudioConfig, AudioDataLoaders, SynthSounds
    from audio_kd.export import export, fit_decision
    from audio_kd.learner import audio_learner
    from audio_kd.models import create_model
    from audio_kd.quant import quantize

    set_seed(0)
    folder = SynthSounds(600, seed=1, sample_rate=16000, snr=(8, 20)).save(
        work / 'clips', progress=False
    )
    rng = np.random.default_rng(0)
    (folder / 'background').mkdir(exist_ok=True)
    for i in range(60):
        sf.write(
            folder / f'background/{i}.wav',
            rng.standard_normal(16000) * 10 ** rng.uniform(-4, -2),
            16000,
        )
    dls = AudioDataLoaders.from_folder(
        folder, AudioConfig(16000, n_mels=32, hop_length=512), bs=16, progress=False
    )
    learn = audio_learner(
        dls,
        create_model(
            'audio_cnn', len(dls.vocab), n_mels=32, width=0.5, dropout=0.0, head_dropout=0.2
        ),
    )
    with learn.no_bar(), learn.no_logging():
        learn.fit_one_cycle(12, 4e-3)
    decision = fit_decision(learn)
    clips = [dls.files[i] for i in dls.splits[1]]
    export(learn, files['fp32'], decision=decision)
    export(quantize(learn), files['int8'], clips, [o.parent.name for o in clips], decision=decision)
    return files


def make_recordings(work):
    "{name: path}: clips of several rates and formats, and a scene with sounds in it"
    from audio_kd.data import SynthSounds

    rates = dict(
        clip=(16000, 'wav'),
        other_rate=(44100, 'wav'),
        compressed=(48000, 'flac'),
        slow=(22050, 'ogg'),
        mp3=(44100, 'mp3'),
    )
    recordings = {}
    for i, (name, (sr, kind)) in enumerate(rates.items()):
        x = SynthSounds(40, seed=7, sample_rate=sr, snr=(15, 20))[3 * i + 1][0]
        recordings[name] = work / f'{name}.{kind}'
        sf.write(recordings[name], np.stack([x, x * 0.8], 1) if name == 'other_rate' else x, sr)
    recordings['short'] = work / 'short.wav'
    sf.write(
        recordings['short'],
        SynthSounds(40, seed=7, sample_rate=16000, snr=(15, 20))[5][0][4000:9000],
        16000,
    )
    recordings['scene'] = work / 'scene.wav'
    sounds = SynthSounds(40, seed=9, sample_rate=16000, snr=(20, 25))
    scene = np.random.default_rng(3).standard_normal(16000 * 14) * 1e-3
    for start, i in ((2, 3), (5, 10), (8, 21), (11, 36)):
        scene[start * 16000 : (start + 1) * 16000] += sounds[i][0]
    sf.write(recordings['scene'], scene / np.abs(scene).max() * 0.8, 16000)
    return recordings


# --- checks ---


def expected_scores(classifier, path):
    """{label: score}, highest first: of what is longer than 1.5 windows the mean over windows, half
    a window apart"""
    from audio_kd.audio import load_audio
    from audio_kd.runtime import probabilities

    x, n = load_audio(path, classifier.sample_rate), classifier.n_samples
    if len(x) <= 1.5 * n:
        return classifier.predict(path).scores
    starts = sorted({*range(0, len(x) - n + 1, n // 2), len(x) - n})
    logits = classifier.logits(np.stack([x[o : o + n] for o in starts]))
    probs = probabilities(logits, classifier.scores, classifier.temperature).mean(0)
    return {classifier.vocab[i]: float(probs[i]) for i in np.argsort(-probs)}


def same_scores(tab, classifier, path):
    "(largest difference of a score, and of the number that is shown for it)"
    expected, shown = expected_scores(classifier, path), tab.scores()
    assert len(shown) == min(12, len(expected)) and set(shown) <= set(expected), shown
    best = next(iter(expected))
    known = (
        classifier.thresholds is None
        or expected[best] >= classifier.thresholds[classifier.vocab.index(best)]
    )
    label = tab.js('document.querySelector("#result bdi").textContent')
    assert label == (best if known else 'unknown'), (path.name, label, expected)
    exact = dict(zip(classifier.vocab, tab.js('view.whole[0]'), strict=True))
    return tuple(
        max(abs(score - expected[name]) for name, score in scores.items())
        for scores in (exact, shown)
    )


def same_events(events, classifier, path):  # how many
    from audio_kd.runtime import read_chunks

    expected = list(classifier.stream(*read_chunks(path)))
    assert [o[2] for o in events] == [o.label for o in expected], (path.name, events, expected)
    allowed = (
        0.02 if path.suffix == '.mp3' else tolerance
    )  # two decoders, and int8 steps in between
    for (start, end, _, score), event in zip(events, expected, strict=True):
        assert (
            abs(start - event.start) < 0.011
            and abs(end - event.end) < 0.011
            and abs(score - event.score) < allowed
        ), (path.name, start, end, score, event)
    return len(events)


def check_recordings(browser, folder, file, recordings):
    "Rows of figures: each recording's scores and events beside AudioClassifier's"
    from audio_kd.runtime import AudioClassifier

    classifier, rows = AudioClassifier(file), []
    with Server(folder) as server:
        tab = Tab(browser, server.url)
        for i, path in enumerate(recordings.values()):
            (tab.drop if i % 2 else tab.choose)(path)
            tab.done(path)
            difference, shown = same_scores(tab, classifier, path)
            rows.append(
                dict(
                    file=file.name,
                    recording=path.name,
                    difference=float(f'{difference:.2g}'),
                    shown=round(shown, 5),
                    events=same_events(tab.events(), classifier, path),
                )
            )
            print(rows[-1], flush=True)
            assert max(difference, shown) < tolerance, rows[-1]
        assert not tab.elsewhere(server) and len(tab.requests) > 3, tab.requests
        assert not tab.errors, tab.errors
        tab.close()
    return rows


def check_offline(browser, folder, file, recording):
    "The page without its server, opened again"
    from audio_kd.runtime import AudioClassifier

    server = Server(folder)
    tab = Tab(browser, server.url)
    tab.wait('status().includes("without a network")')
    server.stop()
    tab.open(server.url)
    tab.drop(recording)
    tab.done(recording)
    assert max(same_scores(tab, AudioClassifier(file), recording)) < tolerance
    tab.close()


def check_keyboard(browser, folder, recording):
    "Everything by keys: the dialog, the first event, its sound"
    with Server(folder) as server:
        tab = Tab(browser, server.url)
        order = []
        for _ in range(2):
            tab.press('Tab')
            order.append(tab.focus)
        assert order == ['microphone', 'file'], order
        tab.choose(recording)
        tab.done(recording)
        assert tab.focus == 'sound-title', tab.focus
        for _ in range(30):
            tab.press('Tab')
            if str(tab.focus).startswith('Play '):
                break
        else:
            raise AssertionError('no event is reached by Tab')
        start = tab.events()[0][0]
        tab.press('Enter')
        tab.wait(f'document.getElementById("player").currentTime >= {start - 0.02}')
        tab.wait('document.getElementById("scores-title").textContent.startsWith("Scores at")')
        tab.close()


def check_accessible(browser, folder, recording):
    """Names of all controls; contrast of all text, in light and dark; no sideways scrolling on a
    phone"""
    with Server(folder) as server:
        tab = Tab(browser, server.url)
        tab.drop(recording)
        tab.done(recording)
        nodes = tab.call('Accessibility.getFullAXTree')['nodes']
        nodes = [node for node in nodes if not node.get('ignored')]
        named = 'button', 'link', 'textbox', 'progressbar', 'image', 'region'
        for node in nodes:
            role, name = node['role']['value'], node.get('name', {}).get('value')
            assert name or role not in named, node
        roles = [node['role']['value'] for node in nodes]
        assert {'main', 'heading', 'status', 'banner', 'contentinfo'} <= set(roles), set(roles)
        lowest = {}
        for scheme in ('light', 'dark'):
            tab.call(
                'Emulation.setEmulatedMedia',
                features=[dict(name='prefers-color-scheme', value=scheme)],
            )
            lowest[scheme] = tab.js(contrast)
            assert lowest[scheme][0] >= 4.5, lowest
        for width in (400, 320):
            tab.size(width)
            assert tab.js('document.documentElement.scrollWidth <= innerWidth'), (
                f'wider than {width} px'
            )
        tab.close()
    return {scheme: round(ratio, 2) for scheme, (ratio, _) in lowest.items()}


# the lowest contrast of a text to what lies behind it, by WCAG's formula
contrast = """(() => {
  const numbers = o => o.match(/[\\d.]+/g).map(Number);
  const channel = o => (o /= 255) <= .03928 ? o/12.92 : ((o + .055)/1.055)**2.4;
  const light = ([r, g, b]) => .2126*channel(r) + .7152*channel(g) + .0722*channel(b);
  const behind = o => {
    for (; o; o = o.parentElement) {
      const color = numbers(getComputedStyle(o).backgroundColor);
      if (color[3] !== 0) return color;
    }
    return [255, 255, 255];
  };
  const hasText = o => [...o.childNodes].some(c => c.nodeType === 3 && c.textContent.trim());
  let worst = [99, ''];
  for (const o of document.querySelectorAll('body *')) {
    if (!o.checkVisibility() || !hasText(o) || o.tagName.endsWith('SCRIPT')) continue;
    const pair = [light(numbers(getComputedStyle(o).color)), light(behind(o))];
    const ratio = (Math.max(...pair) + .05)/(Math.min(...pair) + .05);
    if (ratio < worst[0]) worst = [ratio, o.outerHTML.slice(0, 80)];
  }
  return worst;
})()"""


def check_microphone(folder, file, scene, pictures=None):
    """The scene in place of a microphone: events as of the same samples in Python, each once; all
    of the scene's among them"""
    from audio_kd.runtime import AudioClassifier, read_chunks

    classifier = AudioClassifier(file)
    in_scene = [o.label for o in classifier.stream(*read_chunks(scene))]
    flags = (
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        f'--use-file-for-fake-audio-capture={scene}%noloop',
    )
    with Browser(*flags) as browser, Server(folder) as server:
        tab = Tab(browser, server.url)
        tab.js(record)
        tab.press('Tab')
        tab.press('Enter')
        tab.wait('status().startsWith("The microphone is on")')
        if pictures:
            tab.wait('view.seconds > 7')
            tab.picture(pictures / 'live_1280.png')
        tab.wait(f'view.seconds > {sf.info(scene).duration - 0.7}', 60)
        hop = tab.js('view.hop')
        tab.press(' ')
        tab.wait('status().startsWith("The microphone is off")')
        events = tab.events()[::-1]  # the newest stands on top
        samples = np.frombuffer(base64.b64decode(tab.js('recorded()')), np.float32)
        expected = list(classifier.stream([samples], tab.js('rate')))
        if hop > tab.js('model.hop'):
            raise SystemExit(
                f'this machine is too busy for a microphone (a prediction every {hop:.1f} s): '
                'run it again'
            )
        assert [o[2] for o in events] == [o.label for o in expected], (events, expected)
        late = [a[0] - b.start for a, b in zip(events, expected, strict=True)]
        assert max(map(abs, late)) < 0.35, late
        assert [o[2] for o in events][: len(in_scene)] == in_scene, (events, in_scene)
        assert (
            tab.js('document.getElementById("microphone").getAttribute("aria-pressed")') == 'false'
        )
        assert not tab.errors and not tab.elsewhere(server), (tab.errors, tab.requests)
        tab.close()
    return dict(events=[o[2] for o in events], late=[round(o, 2) for o in late], hop=round(hop, 2))


# keeps the samples that go from the microphone to the worker
record = """
var rate, pieces = [], post = worker.postMessage.bind(worker);
worker.postMessage = (message, moved) => {
  if (message.type === 'samples') pieces.push(message.samples.slice());
  rate ??= message.rate;
  post(message, moved);
};
function recorded() {
  const bytes = new Uint8Array(concatenate(pieces).buffer), parts = [];
  for (let i = 0; i < bytes.length; i += 8192)
    parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  return btoa(parts.join(''));
}"""


expected_lines = {
    'opened from file://': 'python3 -m http.server',
    'no microphone': 'There is no microphone: connect one',
    'microphone refused': 'icrophone',
    'broken.wav': 'broken.wav: ',
    'notes.txt': 'notes.txt: ',
}


def check_errors(browser, folder, work):
    "{what is wrong: the line that the page shows}"
    lines = {}
    tab = Tab(browser)
    tab.open(f'file://{folder}/index.html', 'status() && !status().startsWith("Loading")')
    lines['opened from file://'] = tab.status
    tab.close()
    with Server(folder) as server:
        tab = Tab(browser, server.url)
        for name, data in (('notes.txt', b'not a sound'), ('broken.wav', b'RIFF0000WAVEfmt ')):
            (work / name).write_bytes(data)
            tab.drop(work / name)
            tab.wait(f'status().startsWith("{name}: ")')
            lines[name] = tab.status
        tab.js('document.getElementById("microphone").click()')
        tab.wait('status().includes("icrophone") && document.querySelector("#status.error")')
        lines['no microphone'] = tab.status
        tab.close()
    with (
        Browser('--use-fake-device-for-media-stream', '--deny-permission-prompts') as other,
        Server(folder) as server,
    ):
        tab = Tab(other, server.url)
        tab.js('document.getElementById("microphone").click()')
        tab.wait('document.querySelector("#status.error")')
        lines['microphone refused'] = tab.status
        tab.close()
    copy = work / 'without_model'
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    model = next(copy.glob('*.onnx'))
    model.write_bytes(model.read_bytes()[:-1] + b'x')
    with Server(copy) as server:
        tab = Tab(browser)
        tab.open(server.url, 'document.querySelector("#status.error")')
        lines['another model file'] = tab.status
        tab.close()
    for what, words in expected_lines.items():
        assert words in lines[what] and '\n' not in lines[what], (what, lines[what])
    return lines


def check_cdn(browser, page, runtime, file, recording):
    """The page with its runtime from the CDN, whose replies are made here: the right files, then a
    changed one"""
    from audio_kd.export.page import cdn_runtime
    from audio_kd.runtime import AudioClassifier

    bytes_of = {
        cdn_runtime.url(name): (runtime.folder / name).read_bytes() for name in runtime.hashes
    }
    changed = []

    def reply(session, params):
        data = bytes_of.get(params['request']['url'])
        if data is None:
            browser.send('Fetch.continueRequest', session, requestId=params['requestId'])
            return
        data = data[:-1] if changed else data
        headers = [
            dict(name='Access-Control-Allow-Origin', value='*'),
            dict(name='Content-Type', value='application/octet-stream'),
        ]
        browser.send(
            'Fetch.fulfillRequest',
            session,
            requestId=params['requestId'],
            responseCode=200,
            responseHeaders=headers,
            body=base64.b64encode(data).decode(),
        )

    browser.on('Fetch.requestPaused', reply)
    with Server(page) as server:
        tab = Tab(browser)
        tab.call('Fetch.enable', patterns=[dict(urlPattern='https://*')])
        tab.open(server.url)
        tab.drop(recording)
        tab.done(recording)
        assert max(same_scores(tab, AudioClassifier(file), recording)) < tolerance
        elsewhere = sorted(tab.elsewhere(server))
        assert elsewhere == sorted(bytes_of), elsewhere
        tab.close()
        changed.append(True)
        tab = Tab(browser)
        tab.call('Fetch.enable', patterns=[dict(urlPattern='https://*')])
        tab.open(server.url, 'document.querySelector("#status.error")')
        line = tab.status
        tab.close()
    return line


kinds = dict(  # files of every kind; their labels as people write them
    labels=dict(
        vocab=[
            '</script><b>bold</b>',
            'كلب ينبح',
            '犬 🐕',
            'naïve & "quoted"',
            'a very long name of a class that does not fit on one line of a telephone, nor on two',
        ],
        scores='sigmoid',
        thresholds=[0.5, 0.6, 0.7, 0.55, 0.4],
    ),
    numbers=dict(vocab=['level', 'distance'], scores='none'),
    heads=dict(vocab=dict(sound=['dog', 'cat', 'rain'], مكان=['in', 'out'])),
    many=dict(vocab=[f'class {i}' for i in range(500)], temperature=2.0),
    whole=dict(vocab=['quiet', 'loud'], whole=True),
)


def write_kind(path, vocab, thresholds=None, **metadata):
    "A file whose scores are a random function of the level of a clip"
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    heads = vocab if isinstance(vocab, dict) else dict(scores=vocab)
    rng, nodes, constants = (
        np.random.default_rng(len(path.name)),
        [helper.make_node('ReduceMean', ['squares'], ['power'], axes=[1], keepdims=1)],
        [],
    )
    nodes.insert(0, helper.make_node('Mul', ['waveform', 'waveform'], ['squares']))
    nodes.append(helper.make_node('Sqrt', ['power'], ['level']))
    for name, labels in heads.items():
        constants += [
            numpy_helper.from_array(
                (rng.standard_normal((1, len(labels))) * 30).astype(np.float32), f'{name} slope'
            ),
            numpy_helper.from_array(
                rng.standard_normal(len(labels)).astype(np.float32), f'{name} start'
            ),
        ]
        nodes += [
            helper.make_node('MatMul', ['level', f'{name} slope'], [f'{name} sum']),
            helper.make_node('Add', [f'{name} sum', f'{name} start'], [name]),
        ]
    graph = helper.make_graph(
        nodes,
        'level',
        [helper.make_tensor_value_info('waveform', TensorProto.FLOAT, ['b', 'n'])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ['b', len(labels)])
            for name, labels in heads.items()
        ],
        constants,
    )
    facts = (
        dict(
            vocab=vocab,
            version='0',
            network='fp32',
            cfg=dict(sample_rate=16000, duration=1.0, length_mode='pad'),
        )
        | metadata
    )
    if thresholds:
        facts['thresholds'] = dict(zip(vocab, thresholds, strict=True))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 13)], ir_version=8)
    helper.set_model_props(model, dict(audio_kd=json.dumps(facts)))
    onnx.save(model, path)
    return path


def check_kind(browser, file, folder, clip, scene, pictures):
    """Several labels, numbers, several heads, hundreds of classes, whole recordings: a short clip,
    and the events of a scene"""
    from audio_kd.runtime import AudioClassifier, HeadPredictions, read_chunks

    classifier = AudioClassifier(file)
    with Server(folder) as server:
        tab = Tab(browser, server.url)
        tab.drop(clip)
        tab.done(clip)
        prediction = classifier.predict(clip)
        heads = [*prediction.values()] if isinstance(prediction, HeadPredictions) else [prediction]
        labels = [*classifier.vocab.values()] if classifier.has_heads else [classifier.vocab]
        for head, names, probs in zip(heads, labels, tab.js('view.whole'), strict=True):
            scores = head.values if classifier.scores == 'none' else head.scores
            differences = [abs(scores[name] - p) for name, p in zip(names, probs, strict=True)]
            assert max(differences) < tolerance, (file.name, scores, probs)
        shown = tab.js('[...document.querySelectorAll("#scores li bdi")].map(o => o.textContent)')
        assert set(shown) <= {o for names in labels for o in names}, shown
        assert len(shown) == sum(min(12, len(names)) for names in labels), shown
        result = tab.js('document.getElementById("result").textContent')
        if classifier.scores != 'none':
            best = ';'.join(head.label for head in heads if head.label).split(';')
            assert all(name in result for name in best), (result, heads)
        tab.drop(scene)
        tab.done(scene)
        if classifier.scores != 'none':
            expected = list(classifier.stream(*read_chunks(scene)))
            events = tab.js('view.events')
            assert len(events) == len(expected), (events, expected)
            for row, event in zip(events, expected, strict=True):
                assert (row['label'], row['head']) == (event.label, event.head), (row, event)
                times = row['start'] - event.start, row['end'] - event.end
                assert max(map(abs, times)) < 1e-6, (row, event)
                assert abs(row['score'] - event.score) < tolerance, (row, event)
        assert not tab.errors, tab.errors
        tab.size(400)
        assert tab.js('document.documentElement.scrollWidth <= innerWidth')
        if pictures:
            tab.picture(pictures / f'{file.stem}_400.png')
        tab.size(1280)
        if pictures:
            tab.picture(pictures / f'{file.stem}_1280.png')
        tab.close()


def take_pictures(browser, folder, recording, pictures):
    with Server(folder) as server:
        tab = Tab(browser, server.url)
        for width in (1280, 400):
            tab.size(width)
            tab.picture(pictures / f'ready_{width}.png')
            tab.drop(recording)
            tab.done(recording)
            for dark in (False, True):
                tab.picture(pictures / f'recording_{width}_{"dark" if dark else "light"}.png', dark)
            tab.open(server.url)
        tab.close()


def run(options, runtime, work):
    from audio_kd.export.page import write_page

    warnings.filterwarnings('ignore', module='audio_kd')
    files, recordings = make_files(work), make_recordings(work)
    pages = {
        name: write_page(
            path, work / f'page_{name}', vendor=runtime.folder, title='Synthetic sounds'
        )
        for name, path in files.items()
    }
    with Browser() as browser:
        version = browser.call('Browser.getVersion')['product']
        rows = [
            row
            for name, path in files.items()
            for row in check_recordings(browser, pages[name], path, recordings)
        ]
        check_offline(browser, pages['int8'], files['int8'], recordings['clip'])
        check_keyboard(browser, pages['int8'], recordings['scene'])
        lowest = check_accessible(browser, pages['int8'], recordings['scene'])
        lines = check_errors(browser, pages['int8'], work)
        for name, facts in kinds.items():
            file = write_kind(work / f'{name}.onnx', **facts)
            check_kind(
                browser,
                file,
                write_page(file, work / f'page_{name}', vendor=runtime.folder),
                recordings['clip'],
                recordings['scene'],
                options.pictures,
            )
        long = work / 'long.wav'  # longer than what a file of any length takes at once
        sf.write(long, np.tile(sf.read(recordings['scene'])[0], 3), 16000)
        check_kind(
            browser, work / 'whole.onnx', work / 'page_whole', long, recordings['scene'], None
        )
        cdn = write_page(files['int8'], work / 'page_cdn')
        lines['another file on the CDN'] = check_cdn(
            browser, cdn, runtime, files['int8'], recordings['clip']
        )
        if options.pictures:
            take_pictures(browser, pages['int8'], recordings['scene'], options.pictures)
    live = check_microphone(pages['int8'], files['int8'], recordings['scene'], options.pictures)
    for what, line in lines.items():
        print(f'{what}: {line}')
    print(f'contrast at least {lowest}; microphone: {live}')
    return dict(
        browser=version,
        onnxruntime_web=runtime.version,
        recordings=rows,
        microphone=live,
        contrast=lowest,
        lines=lines,
    )


def skip(why):
    print(f'skipped: {why}')
    sys.exit()


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        '--vendor',
        type=Path,
        help='folder with the files of onnxruntime-web; without it they are fetched through npm',
    )
    parser.add_argument(
        '--work',
        type=Path,
        help='folder for the network, recordings and pages; what is in it is used again',
    )
    parser.add_argument('--pictures', type=Path, help='folder for screenshots')
    parser.add_argument('--write', action='store_true', help='write results/page.json')
    options = parser.parse_args()
    if not any(map(shutil.which, names)):
        skip('no chromium')
    if find_spec('websocket') is None:
        skip('no websocket-client, which talks to the browser')
    from audio_kd.export.page import fetched_runtime, local_runtime

    try:
        runtime = local_runtime(options.vendor) if options.vendor else fetched_runtime()
    except ValueError as e:
        skip(e)
    with tempfile.TemporaryDirectory() as folder:
        work = (options.work or Path(folder)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        if options.pictures:
            options.pictures.mkdir(parents=True, exist_ok=True)
        results = dict(on=measured_on(), **run(options, runtime, work))
    if options.write:
        (root / 'results/page.json').write_text(
            json.dumps(results, indent=1, ensure_ascii=False) + '\n', encoding='utf-8'
        )
    print('the page gives what AudioClassifier gives')

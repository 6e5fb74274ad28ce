'use strict';
// What the page does: loads the network, opens recordings and the microphone, wires the controls.
let worker; // runs the network
let microphone = null; // the open one

// --- start ---

const storeName = `audio_kd ${location.pathname} ${model.build}`;

async function openStore() { // the browser's cache, where the page may have one
  if (!('caches' in window)) return null;
  try {
    for (const name of await caches.keys())
      if (name.startsWith(`audio_kd ${location.pathname} `) && name !== storeName) await caches.delete(name);
    return await caches.open(storeName);
  } catch { return null; }
}

async function load(store, file) { // ArrayBuffer
  const stored = await store?.match(file.url);
  if (stored) return stored.arrayBuffer();
  const response = await fetch(file.url, {integrity: file.integrity}).catch(() => null);
  if (!response?.ok)
    throw new Error(`${file.name} could not be loaded, or is not the file that this page was written for: `
      + `${file.remedy}.`);
  const bytes = await response.arrayBuffer();
  await store?.put(file.url, new Response(bytes)).catch(() => {}); // no space: it is loaded again next time
  return bytes;
}

async function keepPage(store) { // whether the page opens without a network from now on
  if (!store || !navigator.serviceWorker) return false;
  try {
    await navigator.serviceWorker.register('sw.js');
    const response = await fetch('./');
    if (response.ok) await store.put('./', response);
    const stored = await Promise.all(['./', ...files.map(o => o.url)].map(o => store.match(o)));
    return stored.every(Boolean);
  } catch { return false; }
}

const files = [model.script, model.wasm, model.file];

const scriptUrl = text => URL.createObjectURL(new Blob([text], {type: 'text/javascript'}));

async function start() {
  if (location.protocol === 'file:')
    throw new Error('A page opened as a file can not load its network: run "python3 -m http.server" in this '
      + 'folder, then open http://localhost:8000');
  if (!('WebAssembly' in window))
    throw new Error('This browser has no WebAssembly, which runs the network: use a current one.');
  say(`Loading ${size(files.reduce((sum, o) => sum + o.bytes, 0))}: the network and what runs it`);
  const store = await openStore();
  const [script, wasm, file] = await Promise.all(files.map(o => load(store, o)));
  worker = new Worker(scriptUrl(`${$('core').textContent}\n${$('worker').textContent}`));
  worker.onmessage = ({data}) => receive(data);
  worker.onerror = event => say(`The network could not be started: ${event.message}`, true);
  worker.postMessage({type: 'start', facts: model, script, wasm, file}, [script, wasm, file]);
  offline = keepPage(store);
}
let offline; // Promise of whether the page opens without a network

// --- what the worker sends ---

const receivers = {
  async ready() {
    $('microphone').disabled = $('file').disabled = false;
    say('Ready.');
    if (await offline && !view) say('Ready. From now on this page works without a network too.');
  },
  failed({during, message}) {
    say(`${during === 'start' ? 'The network could not be started' : 'This could not be scored'}: ${message}`, true);
    if (during === 'live') stopMicrophone();
    $('progress').hidden = true;
  },
  picture({seconds, columns}) {
    Object.assign(view, {seconds, columns});
    $('length').textContent = `${clock(seconds, 1)}${seconds < 60 ? ' s' : ''}`;
    drawSoon();
  },
  progress({share}) { $('progress').value = share; },
  whole({probs, windows}) {
    view.whole = probs;
    view.scored = windows;
    showResult();
    showScores();
  },
  columns({columns, seconds, silent}) {
    view.columns.push(...columns);
    view.columns.splice(0, view.columns.length - 50*liveSeconds);
    view.seconds = seconds;
    $('length').textContent = clock(Math.floor(seconds), 0) + (seconds < 60 ? ' s' : '');
    if (silent && seconds > 3) say('The microphone gives silence only: is it muted?');
    drawSoon();
  },
  window({time, probs, events, hop}) {
    view.windows.push([time, probs.map(o => Float32Array.from(o))]);
    if (view.live && view.windows.length > 20) view.windows.shift();
    addEvents(events);
    if (!view.live) return;
    if (hop > view.hop) { // a slow device
      view.hop = hop;
      say(`The microphone is on: a prediction every ${hop.toFixed(1)} s, which is what this device can do.`);
    }
    showScores();
  },
  end({events}) {
    addEvents(events);
    $('progress').hidden = true;
    const n = view.events.length, what = view.live ? 'The microphone is off' : `${view.name} is done`;
    say(hasEvents ? `${what}: ${n || 'no'} ${n === 1 ? 'event' : 'events'}.` : `${what}.`);
    drawSoon();
  },
};

function receive(data) {
  if (data.id !== undefined && data.id !== view?.id) return; // of what was shown before
  receivers[data.type](data);
}

// --- recordings and the microphone ---

let lastId = 0;

function show(name, live) { // an empty view
  if (view?.url) URL.revokeObjectURL(view.url);
  view = {id: ++lastId, name, live, seconds: 0, columns: [], windows: [], events: [], whole: null, url: null,
    hop: model.hop};
  $('source').textContent = name;
  $('length').textContent = '';
  $('result').replaceChildren();
  $('events').replaceChildren();
  $('player').hidden = $('cursor').hidden = true;
  $('player').removeAttribute('src');
  $('progress').hidden = live;
  $('progress').value = 0;
  $('sound').hidden = false;
  rows = makeRows();
  $('scores-title').textContent = scoresTitle;
  addEvents([]);
  drawSoon();
  return view.id;
}

async function decode(file) { // {channels, rate}, null where the browser can't
  const bytes = await file.arrayBuffer(), view = new Uint8Array(bytes);
  const wav = readWav(view);
  if (wav) return wav;
  const rate = sourceRate(view); // of the decoder too, so that the browser changes nothing
  const exact = isFlac16(view) ? exact16 : o => o; // decoding takes the bytes away
  const context = new OfflineAudioContext(1, 1, rate >= 8000 && rate <= 96000 ? rate : 48000);
  const audio = await context.decodeAudioData(bytes).catch(() => null);
  if (!audio) return null;
  const channel = i => exact(audio.getChannelData(i).slice());
  return {channels: Array.from({length: audio.numberOfChannels}, (_, i) => channel(i)), rate: audio.sampleRate};
}

async function openRecording(file) {
  stopMicrophone();
  say(`Reading ${file.name}`);
  const sound = await decode(file);
  if (!sound)
    return say(`${file.name}: not a recording that this browser can read. Try wav, flac, mp3, ogg or m4a.`, true);
  if (!sound.channels[0].length) return say(`${file.name}: holds no sound.`, true);
  const id = show(file.name, false);
  view.url = URL.createObjectURL(file);
  $('player').src = view.url;
  $('player').hidden = false;
  say(`Scoring ${file.name}`);
  worker.postMessage({type: 'recording', id, ...sound}, sound.channels.map(o => o.buffer));
  $('sound-title').focus();
}

// What cleans speech for calls removes other sounds
const unprocessed = {channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false};

const refusals = {
  NotAllowedError: 'The microphone was refused: allow it for this page in the browser, then press the button '
    + 'again.',
  NotFoundError: 'There is no microphone: connect one, or open a recording.',
  NotReadableError: 'The microphone can not be opened: another program may be using it.',
};

async function startMicrophone() {
  if (!navigator.mediaDevices?.getUserMedia)
    return say('Browsers give the microphone to pages from https:// or localhost only. Recordings can be '
      + 'opened here.', true);
  const stage = microphone = {}; // pressed again meanwhile: another one, or null
  try {
    stage.stream = await navigator.mediaDevices.getUserMedia({audio: unprocessed});
    stage.context = new AudioContext();
    await stage.context.audioWorklet.addModule(scriptUrl($('worklet').textContent));
  } catch (e) {
    release(stage);
    if (microphone === stage) microphone = null;
    return say(refusals[e.name] ?? `The microphone can not be opened: ${e.message}`, true);
  }
  if (microphone !== stage) return release(stage);
  const node = stage.node = new AudioWorkletNode(stage.context, 'microphone');
  const id = show('Microphone', true);
  worker.postMessage({type: 'live', id, rate: stage.context.sampleRate});
  node.port.onmessage = ({data}) => worker.postMessage({type: 'samples', samples: data}, [data.buffer]);
  const source = stage.context.createMediaStreamSource(stage.stream);
  source.connect(node).connect(stage.context.destination); // which gets silence
  stage.context.resume();
  stage.stream.getTracks()[0].onended = () => { if (microphone === stage) stopMicrophone(); };
  showButton();
  say(`The microphone is on: a prediction every ${model.hop} s, of the last ${windowSeconds} s.`);
}

function release({stream, context, node}) {
  if (node) node.port.onmessage = null; // what comes late is not for the worker any more
  stream?.getTracks().forEach(o => o.stop());
  context?.close();
}

function stopMicrophone() {
  if (!microphone) return;
  release(microphone);
  if (microphone.stream) worker.postMessage({type: 'stop'});
  microphone = null;
  showButton();
}

function showButton() {
  $('microphone').setAttribute('aria-pressed', String(Boolean(microphone)));
  $('microphone-text').textContent = microphone ? 'Stop the microphone' : 'Use the microphone';
}

// --- what a person does ---

$('microphone').onclick = () => microphone ? stopMicrophone() : startMicrophone();
$('file').onchange = () => {
  const [file] = $('file').files;
  $('file').value = ''; // the same one may be opened again
  if (file) openRecording(file);
};
$('picture').onclick = ({offsetX}) => {
  if (view && !view.live) playFrom(view.seconds*offsetX/$('picture').clientWidth);
};
$('save').onclick = () => {
  $('save').href = URL.createObjectURL(new Blob([csv()], {type: 'text/csv'}));
  $('save').download = `${view.name.replace(/\.\w+$/, '')}.events.csv`;
};
for (const event of ['play', 'seeked', 'ended', 'pause']) $('player').addEventListener(event, followPlayer);
let depth = 0; // of elements that a drag has entered
addEventListener('dragenter', () => document.body.classList.toggle('dropping', ++depth > 0));
addEventListener('dragleave', () => document.body.classList.toggle('dropping', --depth > 0));
addEventListener('dragover', event => event.preventDefault());
addEventListener('drop', event => {
  event.preventDefault();
  document.body.classList.toggle('dropping', (depth = 0) > 0);
  const [file] = event.dataTransfer.files;
  if (file && !$('file').disabled) openRecording(file);
});
addEventListener('resize', () => { if (view) drawSoon(); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (view) drawSoon(); });

$('events-section').hidden = !hasEvents;
$('scores-title').textContent = scoresTitle;
rows = makeRows();
addEventListener('unhandledrejection', ({reason}) => say(`This failed: ${reason?.message ?? reason}`, true));
start().catch(e => say(e.message, true));

// Runs the network beside the page, so that the page never waits. core.js stands above this.
let model, session, input;
let job = null; // the recording or microphone that is worked on

const pause = () => new Promise(resolve => { // lets messages in between two windows
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { channel.port1.close(); resolve(); };
  channel.port2.postMessage(null);
});

async function start({facts, script, wasm, file}) {
  model = facts;
  const url = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
  const ort = await import(url);
  ort.env.wasm.numThreads = 1; // more need headers of the server
  ort.env.wasm.wasmBinary = wasm;
  session = await ort.InferenceSession.create(new Uint8Array(file), {executionProviders: ['wasm']});
  input = samples => ({[session.inputNames[0]]: new ort.Tensor('float32', samples, [1, samples.length])});
  await scores(new Float32Array(model.n_samples)); // the first run is slow
  postMessage({type: 'ready'});
}

async function scores(samples) { // probabilities of each head
  const outputs = await session.run(input(samples));
  return model.heads.map(({name}) => probabilities(outputs[name ?? session.outputNames[0]].data,
    model.scores, model.temperature));
}

// A recording: scores of the whole, as AudioClassifier.predict gives them, then its events
async function recording({id, channels, rate}) {
  job = id;
  let x = toMono(channels);
  if (rate !== model.sample_rate) {
    const resampler = new Resampler(rate, model.sample_rate);
    x = concatenate([...[...blocks(x)].map(o => resampler.push(o)), resampler.finish()]);
  }
  postMessage({type: 'picture', id, seconds: x.length/model.sample_rate, columns: picture(x, 1600)});
  await scoreWhole(x, id);
  if (job === id) await findEvents(x, id);
}

async function scoreWhole(x, id) {
  const n = model.n_samples, isLong = x.length > longest();
  const clip = model.any_length ? x : fitLength(x, n, model.length_mode);
  const starts = isLong ? windowStarts(x.length, n) : [0];
  const running = new RunningScores(model.scores);
  for (const start of starts) {
    running.add(await scores(isLong ? x.slice(start, start + n) : clip));
    postMessage({type: 'progress', id, share: .2*running.n/starts.length});
    await pause();
    if (job !== id) return;
  }
  postMessage({type: 'whole', id, probs: running.result, windows: running.n});
}

// samples that are scored at once: AudioClassifier.longest
const longest = () => Math.max(Math.round(1.5*model.n_samples), model.any_length ? 30*model.sample_rate : 0);

async function findEvents(x, id) {
  const seconds = x.length/model.sample_rate, last = x.length + model.n_samples;
  const events = new Events(model), windows = new Windows(model.n_samples, step());
  for (const block of [...blocks(x), new Float32Array(model.n_samples)])
    for (const [position, window] of windows.push(block)) {
      const probs = await scores(window.slice()), time = position/model.sample_rate;
      await pause();
      if (job !== id) return;
      postMessage({type: 'window', id, time, probs, events: inside(events.push(time, probs), seconds)});
      postMessage({type: 'progress', id, share: .2 + .8*position/last});
    }
  postMessage({type: 'end', id, events: inside(events.finish(), seconds)});
}

function* blocks(x, size = 65536) { for (let i = 0; i < x.length; i += size) yield x.subarray(i, i + size); }

const step = () => Math.max(1, Math.round(model.hop*model.sample_rate));

function picture(x, most) { // columns over the whole recording, at most so many
  const spectrogram = new Spectrogram(model.sample_rate, model.bands);
  const hop = Math.max(spectrogram.size/4, x.length/most), columns = [];
  for (let i = 0; i < x.length; i += hop)
    columns.push(spectrogram.column(x, Math.round(i - spectrogram.size/2)));
  return columns;
}

// A microphone. A device that can't do every window leaves some out; it never falls behind.
class Live {
  constructor({id, rate}) {
    this.id = id;
    this.resampler = rate === model.sample_rate ? null : new Resampler(rate, model.sample_rate);
    this.windows = new Windows(model.n_samples, step());
    this.events = new Events(model);
    this.spectrogram = new Spectrogram(model.sample_rate, model.bands);
    this.hop = Math.round(model.sample_rate/50);
    this.tail = new Float32Array(this.spectrogram.size);
    this.count = this.taken = this.cost = this.loudest = 0;
    this.every = 1;
    this.queue = [];
  }

  get seconds() { return this.taken/model.sample_rate; }

  push(samples) { this.add(this.resampler ? this.resampler.push(samples) : samples); }

  add(x) { // at the rate of the network
    if (!x.length) return;
    this.taken += x.length;
    this.loudest = x.reduce((top, o) => Math.max(top, Math.abs(o)), this.loudest);
    this.draw(x);
    this.queue.push(...this.windows.push(x).map(([position, window]) => [position, window.slice()]));
  }

  draw(x) {
    const joined = concatenate([this.tail, x]), columns = [];
    let start = 0;
    for (; start + this.hop + this.spectrogram.size <= joined.length; start += this.hop)
      columns.push(this.spectrogram.column(joined, start + this.hop));
    this.tail = joined.slice(start);
    postMessage({type: 'columns', id: this.id, columns, seconds: this.seconds, silent: this.loudest === 0});
  }

  async run() {
    while (job === this && !this.stopped) {
      const next = this.next();
      if (next) await this.score(...next);
      if (!this.queue.length) await new Promise(resolve => { this.wake = resolve; });
      await pause();
    }
  }

  next() { // [position, window], or nothing yet
    const {queue, windows: {step}} = this;
    this.every = Math.max(1, Math.ceil(this.cost/.7/model.hop)); // the rest of the time is for all else
    if (queue.length > 2*this.every + 3) queue.splice(0, queue.length - this.every); // too far behind
    while (queue.length && Math.round(queue[0][0]/step)%this.every) queue.shift();
    return queue.shift();
  }

  async score(position, window) {
    const began = performance.now(), probs = await scores(window), time = position/model.sample_rate;
    const cost = (performance.now() - began)/1000;
    this.cost = this.count++ ? .9*this.cost + .1*cost : cost;
    this.report(time, probs, this.events.push(time, probs));
  }

  report(time, probs, events) {
    postMessage({type: 'window', id: this.id, time, probs, hop: this.every*model.hop,
      events: inside(events, this.seconds)});
  }

  async finish() { // as at the end of a recording: silence behind it
    this.stopped = true;
    this.wake?.();
    await this.loop;
    if (this.resampler) this.add(this.resampler.finish());
    const events = [], rest = this.windows.push(new Float32Array(model.n_samples));
    for (const [position, window] of [...this.queue, ...rest])
      events.push(...this.events.push(position/model.sample_rate, await scores(window.slice())));
    if (job === this) job = null;
    events.push(...this.events.finish());
    postMessage({type: 'end', id: this.id, events: inside(events, this.seconds)});
  }
}

const handlers = {
  start, recording,
  live: o => { job = new Live(o); job.loop = job.run(); return job.loop; },
  samples: ({samples}) => {
    if (!(job instanceof Live) || job.stopped) return;
    job.push(samples);
    job.wake?.();
  },
  stop: () => { if (job instanceof Live) return job.finish(); job = null; },
};

onmessage = async ({data}) => {
  try { await handlers[data.type](data); }
  catch (e) {
    postMessage({type: 'failed', during: data.type, id: data.id, message: String(e?.message ?? e)});
  }
};

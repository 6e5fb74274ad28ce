// Hands the samples of the microphone on, in pieces of about 40 ms
registerProcessor('microphone', class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Float32Array(2048);
    this.filled = 0;
  }

  process([channels]) {
    if (!channels.length) return true;
    for (let i = 0; i < channels[0].length; i++) {
      this.piece[this.filled++] = channels.reduce((sum, o) => sum + o[i], 0)/channels.length;
      if (this.filled < this.piece.length) continue;
      this.port.postMessage(this.piece.slice());
      this.filled = 0;
    }
    return true;
  }
});

// A sound as a waveform: which part of it is used, and where somebody speaks.
const HEIGHT = 88;
const SHORTEST = 0.2; // Seconds that can be used at the least.

const color = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
const faint = (name, percent) => `color-mix(in srgb, ${color(name)} ${percent}%, transparent)`;

/** Shows a sound: an address or a file. Where this browser cannot decode it there is nothing to see; the server reads it all the same. */
export async function show(stage, source, options) {
  const [{ default: WaveSurfer }, { default: Regions }] = await Promise.all([import(options.wavesurfer), import(options.regions)]);
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'plain play';
  button.setAttribute('aria-label', options.play);
  button.textContent = '▶';
  const container = document.createElement('div');
  container.className = 'wave';
  stage.append(button, container);
  const wave = WaveSurfer.create({
    container,
    height: HEIGHT,
    waveColor: color('--mud-palette-text-secondary'),
    progressColor: color('--mud-palette-primary'),
    cursorColor: color('--mud-palette-text-primary'),
    normalize: true,
  });
  const regions = wave.registerPlugin(Regions.create());
  let part = null;
  let wanted = options.part;
  let { speech } = options;
  let marks = [];

  const placePart = () => {
    if (!part || !wanted) {
      return;
    }
    const [start, end] = wanted;
    const length = wave.getDuration();
    part.setOptions({ start: Math.min(start, length), end: Math.min(end ?? length, length) });
  };
  const placeSpeech = () => {
    marks.forEach((mark) => mark.remove());
    marks = speech.map(([start, end]) => regions.addRegion({ start, end, drag: false, resize: false, color: faint('--mud-palette-success', 22) }));
    for (const mark of marks) {
      mark.element.classList.add('speech');
      mark.element.style.pointerEvents = 'none';
    }
  };

  button.addEventListener('click', () => wave.playPause());
  wave.on('play', () => { button.textContent = '❚❚'; });
  wave.on('pause', () => { button.textContent = '▶'; });
  wave.on('error', () => stage.replaceChildren());
  wave.on('ready', (length) => {
    part = regions.addRegion({ start: 0, end: length, minLength: SHORTEST, color: faint('--mud-palette-primary', 14) });
    part.on('update-end', () => options.trimmed(part.start, part.end >= length - 0.01 ? null : part.end));
    placePart();
    placeSpeech();
  });
  await (typeof source === 'string' ? wave.load(source) : wave.loadBlob(source)).catch(() => stage.replaceChildren());

  return {
    time: () => wave.getCurrentTime(),
    setPart(start, end) {
      wanted = [start, end];
      placePart();
    },
    setSpeech(spans) {
      speech = spans;
      if (part) {
        placeSpeech();
      }
    },
    destroy: () => wave.destroy(),
  };
}

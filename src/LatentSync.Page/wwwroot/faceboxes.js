// The faces of a video as boxes on it: a click chooses one.
const SHOWN = 0.75; // Seconds for which boxes stay: people move.

/** @param faces {second, left, top, width, height, choice, label, isChosen}, places as shares of the picture. */
export function show(stage, video, faces, choose) {
  const layer = document.createElement('div');
  layer.className = 'boxes';
  const boxes = faces.map((face) => {
    const box = document.createElement('button');
    box.type = 'button';
    box.className = face.isChosen ? 'chosen' : '';
    box.setAttribute('aria-label', face.label);
    Object.assign(box.style, {
      left: `${100 * face.left}%`,
      top: `${100 * face.top}%`,
      width: `${100 * face.width}%`,
      height: `${100 * face.height}%`,
    });
    box.addEventListener('click', () => choose(face.choice));
    layer.append(box);
    return box;
  });

  // Where the picture is within the player, which leaves bars beside it.
  const place = () => {
    const [width, height] = [video.videoWidth ?? video.naturalWidth, video.videoHeight ?? video.naturalHeight];
    if (!width || !height) {
      return;
    }
    const scale = Math.min(video.clientWidth / width, video.clientHeight / height);
    Object.assign(layer.style, {
      left: `${video.offsetLeft + (video.clientWidth - scale * width) / 2}px`,
      top: `${video.offsetTop + (video.clientHeight - scale * height) / 2}px`,
      width: `${scale * width}px`,
      height: `${scale * height}px`,
    });
  };
  const update = () => {
    const at = video.currentTime ?? 0;
    boxes.forEach((box, index) => { box.hidden = Math.abs(at - faces[index].second) > SHOWN; });
  };
  const watching = new AbortController();
  for (const type of ['timeupdate', 'seeked', 'loadedmetadata', 'load']) {
    video.addEventListener(type, () => { place(); update(); }, { signal: watching.signal });
  }
  const observer = new ResizeObserver(place);
  observer.observe(video);
  stage.append(layer);
  place();

  // Somebody who has not moved the video yet sees the first faces.
  if (video.paused && video.currentTime === 0 && faces.length > 0) {
    video.currentTime = Math.min(...faces.map((face) => face.second));
  }
  update();

  return {
    destroy() {
      watching.abort();
      observer.disconnect();
      layer.remove();
    },
  };
}

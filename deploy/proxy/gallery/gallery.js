// Shows the run that the address names, `?run=<trap>/<run>`, with what the model said of each crop.
const ID = /^[A-Za-z0-9][\w.-]{0,63}$/;
const element = (id) => document.getElementById(id);
const percent = (share) => `${Math.round(share * 100)} %`;

const ids = (new URLSearchParams(location.search).get('run') ?? '').split('/');
if (ids.length !== 2 || !ids.every((id) => ID.test(id))) {
  element('title').textContent = '?run=<trap>/<run>';
} else {
  // The page lies beside the API, as far as the proxy opens it.
  const path = `api/v1/runs/${ids.join('/')}`;
  element('title').textContent = ids.join(' / ');
  try {
    const answer = await fetch(path);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    show(await answer.json(), path);
  } catch (error) {
    element('says').textContent = error.message;
  }
}

function show({ observation, start, crops }, path) {
  const when = start ? new Date(start).toLocaleString() : '';
  const what = observation ? `${observation.label}, ${percent(observation.probability)}` : '–';
  element('says').textContent = [when, what, `${crops.length} Bilder / crops`].filter(Boolean).join(' · ');
  element('crops').append(...crops.map((crop) => figure(crop, path)));
}

function figure({ cropId, classification }, path) {
  const best = classification?.ranked?.[0];
  const image = Object.assign(document.createElement('img'), {
    src: `${path}/crops/${cropId}`,
    alt: best?.label ?? cropId,
    loading: 'lazy',
  });
  const caption = document.createElement('figcaption');
  caption.textContent = best ? `${best.label}, ${percent(best.probability)}` : cropId;
  const whole = document.createElement('figure');
  whole.append(image, caption);
  return whole;
}

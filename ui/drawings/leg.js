// What each picture shows, and how often it was clicked. Streamlit calls the function below with
// every change of the data, for a picture that stays.
const pictures = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const svg = parentElement.querySelector("svg")
  if (!pictures.has(svg)) pictures.set(svg, { chosen: [], clicks: 0 })
  const picture = pictures.get(svg)

  // A run that began before the last click does not know of it: it must not undo it.
  if (data.clicks >= picture.clicks) Object.assign(picture, { chosen: data.chosen, clicks: data.clicks })
  svg.setAttribute("aria-label", data.label)

  const draw = () => {
    for (const part of svg.querySelectorAll("[data-area]")) {
      const area = part.dataset.area
      const name = data.areas[area]
      if (name === undefined) {
        for (const attribute of ["role", "tabindex", "aria-checked", "aria-label"]) part.removeAttribute(attribute)
        part.onclick = part.onkeydown = null
        continue
      }
      part.setAttribute("role", "checkbox")
      part.setAttribute("tabindex", "0")
      part.setAttribute("aria-checked", String(picture.chosen.includes(area)))
      part.setAttribute("aria-label", name)
      part.querySelector("text").textContent = name
      part.onclick = () => toggle(area)
      part.onkeydown = (event) => {
        if (event.key !== " " && event.key !== "Enter") return
        event.preventDefault()
        if (!event.repeat) toggle(area)
      }
    }
  }

  const toggle = (area) => {
    const kept = picture.chosen.filter((other) => other !== area)
    picture.chosen = kept.length < picture.chosen.length ? kept : [...kept, area]
    picture.clicks += 1
    draw()
    setStateValue("picked", { areas: picture.chosen, clicks: picture.clicks })
  }

  draw()
}

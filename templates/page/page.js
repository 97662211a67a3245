// Times in the reader's own zone, and a word in time where files are too many or too large.
const { lang } = document.documentElement;
const own = navigator.languages.find((language) => language.split("-")[0] === lang) ?? lang;
for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (!isNaN(at)) {
    time.title = time.textContent;
    time.textContent = at.toLocaleString(own, { dateStyle: "long", timeStyle: "short" });
  }
}
for (const field of document.querySelectorAll("input[type=file]")) {
  field.addEventListener("change", () => {
    const size = [...field.files].reduce((sum, file) => sum + file.size, 0);
    const fits = field.files.length <= Number(field.dataset.mostFiles) && size <= Number(field.dataset.mostBytes);
    field.setCustomValidity(fits ? "" : document.getElementById(field.getAttribute("aria-describedby")).textContent);
    field.reportValidity();
  });
}

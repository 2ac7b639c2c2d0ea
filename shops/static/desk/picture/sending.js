// Files to the desk, with progress. One photo goes at a time: a newer one takes the place of the one under way.

/** POST `file` as "photo"; resolves to the answer, rejects with a sentence or an empty error when there is no network. */
export function post(address, file, { csrf, progress = () => {}, type = "json", signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("photo", file, file.name || "photo.webp");
    request.open("POST", address);
    request.responseType = type;
    request.setRequestHeader("X-CSRFToken", csrf);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("load", async () => {
      if (request.status === 200) return resolve(request.response);
      const told = type === "json" ? request.response : await request.response?.text().then(JSON.parse).catch(() => null);
      return reject(new Error(told?.words ?? ""));
    });
    for (const end of ["error", "timeout", "abort"]) request.addEventListener(end, () => reject(new Error("")));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

// Reads an EAN with the camera: by the browser's own reader, else by the one in vendor/zxing. Typing the number works without.

const EVERY_MS = 150, WIDEST_PX = 1280;
const form = document.querySelector("[data-ean]");
const video = form.querySelector("[data-ean-picture]");
const words = form.querySelector("[data-ean-words]");

/** (source) -> the number of the barcode in a picture or video, or undefined. */
export async function reader() {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("ean_13")) {
    const detector = new BarcodeDetector({ formats: ["ean_13", "ean_8"] });
    return async (source) => (await detector.detect(source))[0]?.rawValue;
  }
  const zxing = await import(form.dataset.reader);
  await zxing.prepareZXingModule({ overrides: { locateFile: () => form.dataset.wasm }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  return async (source) => {
    const [width, height] = [source.videoWidth ?? source.width, source.videoHeight ?? source.height];
    const scale = Math.min(1, WIDEST_PX / width);
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    return (await zxing.readBarcodes(picture, { formats: ["EAN-13", "EAN-8"], maxNumberOfSymbols: 1 }))[0]?.text;
  };
}

async function look(read) {
  const found = video.readyState >= 2 ? await read(video).catch(() => undefined) : undefined;
  if (!found) return setTimeout(look, EVERY_MS, read);
  video.srcObject.getTracks().forEach((track) => track.stop());
  form.elements.ean.value = found;
  return form.requestSubmit();
}

try {
  const camera = { facingMode: "environment", width: { ideal: 1280 } };
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: camera });
  video.hidden = false;
  words.textContent = words.dataset.looking;
  await video.play();
  look(await reader());
} catch {
  words.textContent = words.dataset.refused;
  form.elements.ean.focus();
}

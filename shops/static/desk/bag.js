// Reads the label of a bag with the camera and sends it. Without this module, or without a detector, it is typed.

const EVERY_MS = 200;
const form = document.querySelector("[data-scan]");
const part = (name) => form.querySelector(`[data-scan-${name}]`);
const [video, button, trouble] = ["picture", "camera", "trouble"].map(part);

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

async function look(detector) {
  const [found] = await detector.detect(video).catch(() => []);
  if (!found) return setTimeout(look, EVERY_MS, detector);
  form.elements.code.value = found.rawValue;
  video.srcObject.getTracks().forEach((track) => track.stop());
  return form.requestSubmit();
}

async function start() {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    await video.play();
    look(new BarcodeDetector({ formats: ["qr_code"] }));
  } catch {
    trouble.hidden = false;
  }
}

button.addEventListener("click", start);
button.hidden = !(await canRead().catch(() => false));

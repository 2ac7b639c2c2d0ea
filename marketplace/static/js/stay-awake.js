// The screen stays on while the code is held in front of the scanner. Browsers that cannot do it simply go dark.
const stayAwake = () => navigator.wakeLock?.request("screen").catch(() => null);

stayAwake();
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && stayAwake());

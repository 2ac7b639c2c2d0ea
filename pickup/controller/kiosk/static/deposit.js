// A shop brings a parcel: whose it is, where it goes, and what can be said about it.

import { el } from "./elements.js";
import { say, sayCount } from "./words.js";

export function depositLabel(visit) {
  const parts = [
    visit.shop,
    visit.order ? say("label_order", { order: visit.order }) : null,
    visit.bags ? sayCount("label_bags", visit.bags) : null,
  ].filter(Boolean);
  return parts.length ? el("p", { class: "label" }, ...parts.map((text) => el("span", {}, text))) : null;
}

export function depositHints(step, values) {
  if (step.carry_from.length) return [say("deposit_carry_hint", values)];
  if (step.beside.length) return [say("deposit_beside_hint", values)];
  const others = step.others_inside ? sayCount("others_inside", step.others_inside) : null;
  return [say(`deposit_${step.door}_hint`, values), others];
}

export function depositAnswers(step, actions, values) {
  const declined = { text: say("declined"), act: () => actions.deposit("declined") };
  if (step.door === "open" || step.door === "closed") {
    const done = step.carry_from.length ? say("carried", values) : say("deposited");
    return [
      { text: done, kind: "go", act: () => actions.deposit("deposited") },
      { text: say("larger"), act: () => actions.deposit("larger") },
      declined,
      step.door === "closed" ? { text: say("reopen"), act: actions.reopen } : null,
    ];
  }
  if (step.door === "stuck") return [{ text: say("try_again"), kind: "go", act: actions.reopen }, declined];
  return step.door === "no_room" ? [{ ...declined, kind: "go" }] : [];
}

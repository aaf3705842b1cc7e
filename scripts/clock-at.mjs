// Loaded before a program (`node --import file:///…/clock-at.mjs?<time>`): its clock begins at that time instead of now.
const Real = globalThis.Date;
const aheadMs = Real.parse(decodeURIComponent(new URL(import.meta.url).search.slice(1))) - Real.now();

globalThis.Date = class ShiftedDate extends Real {
  constructor(...parts) {
    super(...(parts.length ? parts : [ShiftedDate.now()]));
  }
  static now() {
    return Real.now() + aheadMs;
  }
};

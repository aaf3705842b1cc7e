export const SharedRun = () => null;

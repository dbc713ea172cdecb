export const systemClock = {
    now: () => performance.now(),
    after(milliseconds, task) {
        const timer = setTimeout(task, milliseconds);
        return () => clearTimeout(timer);
    },
    random: Math.random,
};

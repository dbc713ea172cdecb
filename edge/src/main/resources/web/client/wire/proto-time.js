export function readTime(message) {
    let seconds = 0;
    let nanos = 0;
    message.each((field) => {
        if (field === 1)
            seconds = message.uint();
        else if (field === 2)
            nanos = message.uint();
    });
    return new Date(seconds * 1000 + Math.floor(nanos / 1_000_000));
}

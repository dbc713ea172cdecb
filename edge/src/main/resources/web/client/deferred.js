export function deferred() {
    let resolve;
    let reject;
    const promise = new Promise((yes, no) => {
        resolve = yes;
        reject = no;
    });
    return { promise, resolve, reject };
}
export function quiet(promise) {
    promise.catch(() => undefined);
    return promise;
}

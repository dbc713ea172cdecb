import { quiet } from "./deferred.js";
import { Queue } from "./queue.js";
export async function* verdictsOf(source, most, take) {
    const verdicts = new Queue(most);
    let wanted = true;
    const read = async () => {
        for await (const item of source) {
            if (!wanted)
                return;
            const { verdict } = await take(item);
            await verdicts.put(quiet(verdict));
        }
    };
    read().then(() => verdicts.end(), (error) => verdicts.end(error));
    try {
        for (let next = await verdicts.take(); next !== undefined; next = await verdicts.take()) {
            yield await next;
        }
    }
    finally {
        wanted = false;
        verdicts.end();
    }
}

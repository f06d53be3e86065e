/** The fields of src/measure/README.md, of one attempt. */
export type AttemptRecord = Readonly<Record<string, string | number | boolean | undefined>>;
/** @returns a model's shares in percent, as of a second ago at most; 0 where the source is missing or wrong */
export declare function shareReader(source: string | (() => unknown), report: (problem: string) => void): (model: string) => {
    readonly gateway: number;
    readonly shadow: number;
};
/** @returns a function that writes a line per record, in their order, without waiting for the disk */
export declare function recordWriter(target: string | ((record: AttemptRecord) => void), report: (problem: string) => void): (record: AttemptRecord) => void;

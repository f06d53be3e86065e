/** The SDK's request: whether it can be split, and what it becomes at the gateway. */
export interface Gateway {
    /** With `/v1`, as the SDK takes it. */
    readonly baseUrl: string;
    readonly apiKey: string;
    /** Added to each request. */
    readonly headers?: Readonly<Record<string, string>>;
    /** Name in your code → name at the gateway, where they differ. */
    readonly models?: Readonly<Record<string, string>>;
}
export type SdkRequest = ReturnType<typeof readRequest>;
/** @returns what `fetch` takes, without our own headers, and what decides about a split */
export declare function readRequest(address: string | URL, given: RequestInit): {
    url: URL;
    init: {
        body?: BodyInit | null;
        cache?: RequestCache;
        credentials?: RequestCredentials;
        integrity?: string;
        keepalive?: boolean;
        method?: string;
        mode?: RequestMode;
        priority?: RequestPriority;
        redirect?: RequestRedirect;
        referrer?: string;
        referrerPolicy?: ReferrerPolicy;
        signal?: AbortSignal | null;
        window?: null;
        headers: Headers;
    };
    body: Readonly<Record<string, unknown>>;
    unit: string | undefined;
    task: string | undefined;
    endpoint: string;
    model: string;
    streams: boolean;
    /** How often the SDK has tried before. */
    retry: number;
    /** Both arms can answer it: it is not about files, for instance. */
    canSplit: boolean;
    /** It stores something or refers to what is stored: only one arm has that. */
    isStateful: boolean;
    /** The provider calls no tools. */
    onlyAnswers: boolean;
};
/** Whether requests can be sent to it: a key with a line break is none, for instance. */
export declare function isUsable({ baseUrl, apiKey, headers }: Gateway): boolean;
/** What sends it to the gateway: without the official key. */
export declare function atGateway({ url, init, body, endpoint, model }: SdkRequest, gateway: Gateway): {
    url: URL;
    init: {
        body?: BodyInit | null;
        cache?: RequestCache;
        credentials?: RequestCredentials;
        integrity?: string;
        keepalive?: boolean;
        method?: string;
        mode?: RequestMode;
        priority?: RequestPriority;
        redirect?: RequestRedirect;
        referrer?: string;
        referrerPolicy?: ReferrerPolicy;
        signal?: AbortSignal | null;
        window?: null;
        headers: Headers;
    } | {
        cache?: RequestCache;
        credentials?: RequestCredentials;
        integrity?: string;
        keepalive?: boolean;
        method?: string;
        mode?: RequestMode;
        priority?: RequestPriority;
        redirect?: RequestRedirect;
        referrer?: string;
        referrerPolicy?: ReferrerPolicy;
        signal?: AbortSignal | null;
        window?: null;
        body: string;
        headers: Headers;
    };
};

import { mkdirSync } from "node:fs";
import { prettifyError, ZodError } from "zod";
import { type Credentials, createClients, DEFAULT_REGION, socketAgent } from "./clients.ts";
import { codeVersion } from "./codeVersion.ts";
import { FaultInjector } from "./faults/faults.ts";
import { ACCOUNT } from "./front/caller.ts";
import { type Control, Front } from "./front/front.ts";
import { Identity } from "./front/identity.ts";
import { SocketProxy } from "./front/proxy.ts";
import type { Hosting } from "./hosting/deploy/hosting.ts";
import { openHosting } from "./hosting/open.ts";
import { Authorizer } from "./iam/authorizer.ts";
import { LogsService } from "./logs/service.ts";
import { LogStore } from "./logs/store.ts";
import { takeOverLogs } from "./logs/takeOver.ts";
import { askMinistack } from "./ministack/ask.ts";
import { Ministack } from "./ministack/ministack.ts";
import { Announcer } from "./notifications/announcer.ts";
import { jobEvent } from "./notifications/jobEvent.ts";
import { readMail } from "./notifications/mailbox.ts";
import type { LocalAwsOptions } from "./options.ts";
import { checkDrivers } from "./sagemaker/launchers.ts";
import { checkLocations } from "./sagemaker/locations.ts";
import type { JobRecord, TrainingJobRequest } from "./sagemaker/record.ts";
import { assumeRole, checkRole } from "./sagemaker/role.ts";
import { SageMakerService } from "./sagemaker/service.ts";
import { JobStore } from "./sagemaker/store.ts";
import { TrainingJobs } from "./sagemaker/trainingJobs.ts";
import { type Health, ownerCredentials, readLastPort, stateFiles } from "./stateFiles.ts";
import { InstanceMetrics } from "./training/observe/instanceMetrics.ts";
import { logGroup } from "./training/observe/logStream.ts";
import { checkOptMl } from "./training/process/optMl.ts";
import type { RunContext } from "./training/run/runContext.ts";
import { Runner } from "./training/run/runner.ts";
import { Slots } from "./training/run/slots.ts";

/** The whole local AWS in one object: ministack, the SageMaker service, and the front before both. */
export class LocalAws {
  /** May do everything; a random pair of this state directory. */
  readonly owner: Credentials;
  private readonly options: LocalAwsOptions;
  private readonly log: (line: string) => void;
  private readonly faults = new FaultInjector();
  private readonly calls: Record<string, number> = {};
  private readonly ministack: Ministack;
  private readonly proxy: SocketProxy;
  private readonly front: Front;
  private readonly logs: LogStore;
  private readonly runner: Runner;
  private readonly hosting: Hosting;
  private readonly announcer: Announcer;
  private readonly mailDir: string;
  private readonly closeHosting: () => Promise<void>;
  private readonly code: string;
  private endpoint = "";

  constructor(options: LocalAwsOptions, log: (line: string) => void) {
    this.options = options;
    this.log = log;
    this.code = codeVersion(options);
    const files = stateFiles(options.stateDir);
    mkdirSync(files.home, { recursive: true, mode: 0o700 });
    this.owner = ownerCredentials(options.stateDir, log);
    if (options.optMl) checkOptMl();
    if (options.faults !== undefined) this.faults.set(JSON.parse(options.faults));
    this.mailDir = files.mail;
    const store = new JobStore(files.jobs, log, (record) => this.announcer.announce(jobEvent(record)));
    this.logs = new LogStore(files.logs, log);
    takeOverLogs(this.logs, files, log);
    this.ministack = new Ministack({
      python: options.ministackPython,
      dir: files.ministack,
      mailDir: files.mail,
      auth: options.auth,
      root: this.owner,
      log,
    });
    const { socketPath } = this.ministack;
    this.announcer = new Announcer({
      send: (event) => askMinistack(socketPath, "/_local/event", event),
      log,
    });
    const agent = socketAgent(socketPath);
    const root = createClients(agent, this.owner, DEFAULT_REGION);
    const authorizer = new Authorizer(socketPath);
    const asRole = async ({ RoleArn: role, TrainingJobName: job }: TrainingJobRequest, region: string) => {
      const credentials = await assumeRole(root.sts, role, job);
      return { credentials, clients: createClients(agent, credentials, region) };
    };
    const session = async ({ request, region }: JobRecord) => {
      const { credentials, clients } = await asRole(request, region);
      const logs = options.auth
        ? await this.logsOfRole(authorizer, credentials, region, {
            ...{ logGroupName: logGroup, logStreamName: `${request.TrainingJobName}/algo-1` },
          })
        : this.logs.of(region);
      return { credentials, clients: { ...clients, logs } };
    };
    const context: RunContext = {
      options,
      store,
      faults: this.faults,
      slots: new Slots(options.maxJobs),
      instanceMetrics: new InstanceMetrics(files.home, log),
      workDir: files.work,
      keptDir: files.kept,
      endpoint: () => this.endpoint,
      session,
      now: Date.now,
      log,
    };
    this.runner = new Runner(context);
    const jobs = new TrainingJobs({
      store,
      runner: this.runner,
      faults: this.faults,
      checkRole: (roleArn) => checkRole(root.iam, roleArn),
      checkLocations: async (request, region) => {
        const { clients } = await asRole(request, region);
        await checkLocations({ service: root.s3, role: clients.s3 }, request, region);
        await checkDrivers(clients.s3, request);
      },
      optMl: options.optMl,
      now: Date.now,
    });
    const hosted = openHosting({
      options,
      agent,
      root,
      owner: this.owner,
      endpoint: () => this.endpoint,
      logsOfRole: async (credentials, region, stream) =>
        options.auth ? await this.logsOfRole(authorizer, credentials, region, stream) : this.logs.of(region),
      log,
    });
    this.hosting = hosted.hosting;
    this.closeHosting = hosted.close;
    this.proxy = new SocketProxy(socketPath);
    this.front = new Front({
      identity: new Identity(this.owner, (accessKey) => authorizer.issuedKey(accessKey)),
      proxy: this.proxy,
      sagemaker: new SageMakerService(jobs, hosted.operations, [store, ...Object.values(hosted.stores)], log),
      runtime: hosted.runtime,
      logs: new LogsService(this.logs, Date.now, log),
      faults: this.faults,
      control: this.control,
      refusal: options.auth ? authorizer.refusal.bind(authorizer) : undefined,
      onCall: (operation) => {
        this.calls[operation] = (this.calls[operation] ?? 0) + 1;
      },
    });
  }

  /** As on AWS, a job or a model whose role may not write its log has none; here somebody is told. */
  private async logsOfRole(
    authorizer: Authorizer,
    credentials: Credentials,
    region: string,
    stream: { logGroupName: string; logStreamName: string },
  ) {
    const caller = { accessKey: credentials.accessKeyId, region, account: ACCOUNT };
    for (const operation of ["CreateLogStream", "PutLogEvents"]) {
      const input = Buffer.from(JSON.stringify(stream));
      const refused = await authorizer.refusal("logs", operation, input, caller);
      if (!refused) continue;
      this.log(`${stream.logStreamName}: its log is not kept: ${refused.message}`);
      return { write: () => undefined };
    }
    return this.logs.of(region);
  }

  /** Resolves with the port once everything answers. */
  async start(): Promise<number> {
    this.hosting.endLeftovers();
    this.runner.recover();
    await this.ministack.start();
    this.announcer.start();
    const port = await this.listen();
    this.endpoint = `http://127.0.0.1:${port}`;
    this.hosting.resume();
    return port;
  }

  /** Stops in order: model servers and jobs, which still write their results, then the front, then ministack, which saves its state. */
  async stop(): Promise<void> {
    await Promise.all([this.closeHosting(), this.runner.shutdown()]);
    await this.front.close();
    this.proxy.close();
    await this.announcer.flush();
    await this.ministack.stop();
  }

  private async listen(): Promise<number> {
    if (this.options.port !== 0) return this.front.listen(this.options.port);
    const last = readLastPort(this.options.stateDir);
    try {
      return await this.front.listen(last);
    } catch (error) {
      if (last === 0 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      this.log(`port ${last} of the last run is taken; using another`);
      return this.front.listen(0);
    }
  }

  /** `/_local/health`, `/_local/faults`, `/_local/calls`, `/_local/mail`: what tests and the client of the local AWS ask. */
  private readonly control: Control = (method, name, body) => {
    switch (`${method} ${name}`) {
      case "GET health":
        return { status: 200, body: this.health() };
      case "GET faults":
        return { status: 200, body: this.faults.current };
      case "POST faults":
        return this.setFaults(body);
      case "GET calls":
        return { status: 200, body: this.calls };
      case "GET mail":
        return { status: 200, body: readMail(this.mailDir) };
      default:
        return { status: 404, body: { message: `No such control: ${method} /_local/${name}` } };
    }
  };

  private health(): Health {
    const { stateDir } = this.options;
    const { count: runningJobs, names: jobs } = this.runner;
    return { pid: process.pid, stateDir, code: this.code, runningJobs, jobs };
  }

  private setFaults(body: Buffer): { status: number; body: unknown } {
    try {
      return { status: 200, body: this.faults.set(JSON.parse(body.toString() || "{}")) };
    } catch (error) {
      const message = error instanceof ZodError ? prettifyError(error) : (error as Error).message;
      return { status: 400, body: { message } };
    }
  }
}

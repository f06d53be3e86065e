/** One repository and what the process shares: the context that functions about a repository take. */
import type { Repository } from './repository.ts';
import type { RepositoryMemory } from './repository-memory.ts';
import type { Services } from './services.ts';
import type { StateStore } from './state/store.ts';

export class RepositoryContext {
  readonly services: Services;
  readonly repository: Repository;

  constructor(services: Services, repository: Repository) {
    this.services = services;
    this.repository = repository;
  }

  get memory(): RepositoryMemory {
    return this.services.memoryOf(this.repository);
  }

  get store(): StateStore {
    return this.services.storeOf(this.repository);
  }

  /** Identifies a rollout of the repository within this process. */
  rolloutId(rollout: string): string {
    return `${this.repository.id}/${rollout}`;
  }
}

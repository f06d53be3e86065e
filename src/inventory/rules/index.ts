import type { HazardRule, Rule } from '../rule.ts';
import { ACCESSOR_RULES } from './accessors.ts';
import { ANY_RULES } from './any.ts';
import { AUTHORIZATION_RULES } from './authorization.ts';
import { BARE_NAME_RULES } from './bare-names.ts';
import { CLIENT_OPTION_RULES } from './client-options.ts';
import { CLIENT_RULES } from './clients.ts';
import { CONFIG_SECTION_RULES } from './config-sections.ts';
import { CONFIG_VALUE_RULES } from './config-values.ts';
import { DOTENV_RULES } from './dotenv.ts';
import { DOTNET_RULES } from './dotnet.ts';
import { ENDPOINT_PATH_RULES } from './endpoint-paths.ts';
import { ENVIRONMENT_NAME_RULES, ENVIRONMENT_RULES } from './environment.ts';
import { GO_RULES } from './go.ts';
import { CLIENT_LIMIT_HAZARD_RULES } from './hazards-client-limits.ts';
import { MODEL_NAME_HAZARD_RULES } from './hazards-model-names.ts';
import { OFFICIAL_SERVER_HAZARD_RULES } from './hazards-official-server.ts';
import { HTTP_LIMIT_RULES } from './http-limits.ts';
import { JAVASCRIPT_FRAMEWORK_RULES } from './javascript-frameworks.ts';
import { JVM_RULES } from './jvm.ts';
import { LIBRARY_MODEL_RULES } from './library-models.ts';
import { MODEL_LITERAL_RULES } from './model-literals.ts';
import { MODEL_RULES } from './models.ts';
import { NAMED_AFTER_API_RULES } from './named-after-api.ts';
import { NAMED_LIMIT_RULES } from './named-limits.ts';
import { PHP_CLIENT_RULES } from './php-clients.ts';
import { PROGRAM_ARGUMENT_RULES } from './program-arguments.ts';
import { PYTHON_FRAMEWORK_RULES } from './python-frameworks.ts';
import { REQUEST_PARAMETER_RULES } from './request-parameters.ts';
import { REQUEST_TYPE_RULES } from './request-types.ts';
import { RESOURCE_CALL_RULES } from './resource-calls.ts';
import { RUBY_REQUEST_RULES } from './ruby-requests.ts';
import { SCRIPT_CLIENT_RULES } from './script-clients.ts';
import { SDK_CALL_RULES } from './sdk-calls.ts';
import { SHELL_RULES } from './shell.ts';

/** Every rule for sites. Of equally specific rules, the first one wins. */
export const RULES: readonly Rule[] = [
  ...DOTENV_RULES,
  ...ENVIRONMENT_RULES,
  ...ENDPOINT_PATH_RULES,
  ...AUTHORIZATION_RULES,
  ...CLIENT_RULES,
  ...CLIENT_OPTION_RULES,
  ...ACCESSOR_RULES,
  ...PROGRAM_ARGUMENT_RULES,
  ...SCRIPT_CLIENT_RULES,
  ...JAVASCRIPT_FRAMEWORK_RULES,
  ...MODEL_RULES,
  ...PYTHON_FRAMEWORK_RULES,
  ...REQUEST_PARAMETER_RULES,
  ...REQUEST_TYPE_RULES,
  ...SDK_CALL_RULES,
  ...CONFIG_SECTION_RULES,
  ...CONFIG_VALUE_RULES,
  ...DOTNET_RULES,
  ...ENVIRONMENT_NAME_RULES,
  ...GO_RULES,
  ...JVM_RULES,
  ...LIBRARY_MODEL_RULES,
  ...MODEL_LITERAL_RULES,
  ...PHP_CLIENT_RULES,
  ...RUBY_REQUEST_RULES,
  ...RESOURCE_CALL_RULES,
  ...SHELL_RULES,
  ...BARE_NAME_RULES,
  ...NAMED_AFTER_API_RULES,
  ...NAMED_LIMIT_RULES,
  ...HTTP_LIMIT_RULES,
  ...ANY_RULES,
];

/** Every rule for hazards. */
export const HAZARD_RULES: readonly HazardRule[] = [
  ...MODEL_NAME_HAZARD_RULES,
  ...OFFICIAL_SERVER_HAZARD_RULES,
  ...CLIENT_LIMIT_HAZARD_RULES,
];

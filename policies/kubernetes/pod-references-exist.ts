import { containersOf, podOf, podTypes } from "../lib/pods";
import { everyTier, stackRule } from "../lib/rule";
import type { Referrer, Resource, Stack } from "../lib/stack";
import type { Value } from "../lib/value";
import { any, type Finding } from "../lib/verdict";
import { metadataOf, referredTo } from "../lib/workloads";

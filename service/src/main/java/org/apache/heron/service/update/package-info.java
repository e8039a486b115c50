/**
 * Giving a running topology another packing plan: a sequence of steps that is on record in shared
 * state, so that whoever schedules the topology can go on with it, or take it back.
 */
package org.apache.heron.service.update;

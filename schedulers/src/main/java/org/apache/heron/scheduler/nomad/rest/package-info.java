/** Nomad's HTTP API, version 1: the calls that a topology needs. */
package org.apache.heron.scheduler.nomad.rest;

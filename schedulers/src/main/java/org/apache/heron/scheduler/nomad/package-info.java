/** Runs a topology's containers as jobs of HashiCorp Nomad, through its REST API. */
package org.apache.heron.scheduler.nomad;

/** From a topology file to running containers, step by step, with a way back from each step. */
package org.apache.heron.client.submit;

/** Who may do what. */
package org.apache.heron.apiserver.access;
